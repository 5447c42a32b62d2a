//! What possible customers are called: two numbers make a company's name, so that a lead takes two
//! bytes for it. Names never influence what happens.

const FIRST: [&str; 48] = [
    "Alder",
    "Amber",
    "Anchor",
    "Aspen",
    "Beacon",
    "Birch",
    "Blue Door",
    "Brook",
    "Cedar",
    "Cobalt",
    "Copper",
    "Corner",
    "Delta",
    "Dove",
    "Elm",
    "Falcon",
    "Fern",
    "Field",
    "Fjord",
    "Granite",
    "Harvest",
    "Hazel",
    "Heron",
    "Hill",
    "Iris",
    "Juniper",
    "Kestrel",
    "Lantern",
    "Linden",
    "Maple",
    "Meridian",
    "Mill",
    "North",
    "Oak",
    "Orchard",
    "Pebble",
    "Pine",
    "Quarry",
    "Raven",
    "Ridge",
    "River",
    "Rowan",
    "Saffron",
    "Silver",
    "Stone",
    "Thistle",
    "Willow",
    "Wren",
];

const LAST: [&str; 32] = [
    "& Sons",
    "Analytics",
    "Bakery",
    "Brothers",
    "Builders",
    "Care",
    "Clinic",
    "Collective",
    "Consulting",
    "Cooperative",
    "Courier",
    "Dental",
    "Design",
    "Energy",
    "Foods",
    "Freight",
    "Group",
    "Health",
    "Hotels",
    "Insurance",
    "Joinery",
    "Labs",
    "Legal",
    "Logistics",
    "Media",
    "Motors",
    "Partners",
    "Pharma",
    "Schools",
    "Systems",
    "Textiles",
    "Works",
];

/// The name of a possible customer.
pub fn lead_name(name: u16) -> String {
    let first = FIRST[usize::from(name >> 8) % FIRST.len()];
    format!("{first} {}", LAST[usize::from(name & 0xff) % LAST.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_a_name_and_many_differ() {
        let mut names: Vec<String> = (0..u16::MAX).step_by(97).map(lead_name).collect();
        names.sort();
        names.dedup();
        assert!(names.len() > 400, "{}", names.len());
        assert!(lead_name(u16::MAX).contains(' '));
    }
}
