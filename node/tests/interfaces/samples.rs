//! Inputs as people bring them.

/// A small world.
pub fn scenario(seed: Option<u64>) -> String {
    let seed = seed.map(|seed| format!("seed = {seed}\n")).unwrap_or_default();
    format!(
        "[world]\nname = \"orchard\"\n{seed}\n[market]\nsize = 1000\n\n\
         [[project]]\nname = \"Pear\"\nteam = [{{ role = \"engineer\", count = 3 }}]\n"
    )
}

/// An export in GitLab's format: in each of 30 weeks, two of three issues are closed the week after.
pub fn export() -> String {
    let mut csv = String::from(
        "Title,Description,Issue ID,URL,State,Author,Author Username,Assignee,Assignee Username,\
         Confidential,Locked,Due Date,Created At (UTC),Updated At (UTC),Closed At (UTC),Milestone,\
         Weight,Labels,Time Estimate,Time Spent,Epic ID,Epic Title\r\n",
    );
    for week in 0..30 {
        // Four weeks a month are near enough.
        let day = |week: u32, day: u32| {
            format!("2020-{:02}-{:02} 10:00:00", 1 + week / 4, 1 + week % 4 * 7 + day)
        };
        for nth in 0..3 {
            let id = week * 3 + nth;
            let who = ["ann", "bob", "cleo"][(id + week) as usize % 3];
            let closed = if nth < 2 { day(week + 1, nth) } else { String::new() };
            let created = day(week, nth);
            csv.push_str(&format!(
                "Issue {id},\"Two,\nlines\",{id},,Closed,x,x,{who},{who},No,No,,{created},{created},\
                 {closed},m1,{},bug,0,0,,\r\n",
                1 + id % 3
            ));
        }
    }
    csv
}
