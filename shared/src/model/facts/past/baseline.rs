//! What others would have said: a line through the logarithms, and COCOMO 81.

use super::{Mode, PastProject};
use crate::model::facts::numbers;

fn logs(projects: &[&PastProject]) -> Vec<(f64, f64)> {
    projects.iter().map(|p| (libm::log(p.size), libm::log(p.person_months))).collect()
}

/// Effort as a power of size, fitted to these projects: a prediction for a size.
pub fn regression(from: &[&PastProject]) -> Option<impl Fn(f64) -> f64 + use<>> {
    let line = numbers::line(&logs(from))?;
    Some(move |size: f64| libm::exp(line.intercept + line.slope * libm::log(size)))
}

/// For each project what a line through all the others says.
pub fn leave_one_out(projects: &[PastProject]) -> Vec<(f64, f64)> {
    (0..projects.len())
        .filter_map(|out| {
            let others: Vec<&PastProject> = projects
                .iter()
                .enumerate()
                .filter(|(at, _)| *at != out)
                .map(|(_, project)| project)
                .collect();
            let said = regression(&others)?(projects[out].size);
            Some((projects[out].person_months, said))
        })
        .collect()
}

/// Intermediate COCOMO 81 (Boehm 1981); none if the file has no ratings.
pub fn cocomo81(project: &PastProject) -> Option<f64> {
    let (a, b) = match project.mode? {
        Mode::Organic => (3.2, 1.05),
        Mode::Semidetached => (3.0, 1.12),
        Mode::Embedded => (2.8, 1.20),
    };
    let product: f64 = project.drivers?.iter().product();
    Some(a * libm::pow(project.size, b) * product)
}

#[cfg(test)]
mod tests {
    use super::super::accuracy::accuracy;
    use super::super::read::read;
    use super::*;

    /// Six made-up projects. What is expected of them was worked out apart from this code.
    const TABLE: &str = "\
mode,rely,data,cplx,time,stor,virt,turn,acap,aexp,pcap,vexp,lexp,modp,tool,sced,kloc,effort_pm
organic,1,1,1,1,1,1,1,.86,1,1,1,1,1,1,1,4,12
organic,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,10,40
semidetached,1,1,1.15,1,1,1,1,1,1,1,1,1,1,1,1,22,100
semidetached,.88,1,1,1,1,1,1,1,1,.86,1,1,1,1,1,60,230
embedded,1.4,1,1,1.11,1,1,1,1,1,1,1,1,1,1,1,35,420
embedded,1,1,1,1,1,1,1,1,1,1,1,1,1,.91,1,120,1300
";

    fn close(found: [f64; 4], expected: [f64; 4]) {
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-4 * expected, "{found}, not {expected}");
        }
    }

    #[test]
    fn cocomo_and_leave_one_out_regression_say_what_was_worked_out_by_other_means() {
        let past = read(TABLE).unwrap().projects;
        let measures = |pairs: &[(f64, f64)]| {
            let a = accuracy(pairs);
            [a.mmre, a.mdmre, a.pred25, a.sa]
        };
        let cocomo: Vec<(f64, f64)> =
            past.iter().map(|p| (p.person_months, cocomo81(p).unwrap())).collect();
        close(measures(&cocomo), [0.149_990_8, 0.101_116_4, 66.666_667, 79.410_563_5]);
        close(measures(&leave_one_out(&past)), [0.425_459_5, 0.243_636_3, 50.0, 68.913_453_6]);
    }
}
