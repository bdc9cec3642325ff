//! A believable export of FLARE, the system before: a row per incident at an address, names in the free text alone. Some rows are
//! as bad as such exports are.

use crate::{
    people::Person,
    random::Random,
    streets::{HOUSES, address, uprn},
    tables::tables,
    town::Town,
};
use jiff::{ToSpan, civil::date};

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlareExport {
    /// The file: CSV with the columns of the profile.
    pub csv: String,
    /// Rows that say a day or a category that is none.
    pub bad: u64,
    /// Rows that stand there twice, word for word.
    pub repeated: u64,
}

/// Headings of the One Day Count with a way to write each, how often each comes, and what is written of it.
const CATEGORIES: [(&str, f64, &str); 13] = [
    ("Litter and rubbish", 9.0, "Rubbish dumped behind the garages again."),
    ("Criminal damage / vandalism", 10.0, "Window put through with a stone."),
    ("Vehicle-related nuisance", 9.0, "Motorbike up and down the street all evening."),
    ("Nuisance behaviour", 13.0, "Ball games against the wall, abuse when asked to stop."),
    ("Intimidation and harassment", 7.0, "Shouted at on the way to the shop and afraid to go out."),
    ("noise", 14.0, "Loud music until three in the morning."),
    ("Rowdy behaviour", 16.0, "Large group shouting and fighting outside the shops."),
    ("abandoned_vehicles", 4.0, "Blue Astra without plates, windows broken."),
    ("Street drinking and begging", 5.0, "Drinking on the benches from noon."),
    ("Drug and substance misuse and dealing", 5.0, "Cars stopping for a minute at all hours."),
    ("Animal-related problems", 4.0, "Dog loose and barking at children."),
    ("Hoax calls", 3.0, "Third false call to the fire brigade this week."),
    ("Prostitution, kerb crawling and sexual acts", 1.0, "Cars slowing down by women walking home."),
];

/// An export of so many rows. The same arguments give the same bytes.
pub fn flare_export(seed: u64, rows: u64) -> FlareExport {
    let town = Town::new(seed, date(2009, 12, 31));
    let weights: Vec<f64> = CATEGORIES.iter().map(|(_, weight, _)| *weight).collect();
    let mut export = FlareExport {
        csv: "reference,date,time,category,address,street,postcode,uprn,easting,northing,details\r\n".to_owned(),
        bad: 0,
        repeated: 0,
    };
    let mut last = String::new();
    for number in 0..rows {
        let mut random = Random::new(seed, "flare", number);
        if random.chance(0.002) && !last.is_empty() {
            export.csv.push_str(&last);
            export.repeated += 1;
            continue;
        }
        let kind = random.weighted(&weights);
        let (category, _, what) = CATEGORIES[kind];
        let sort = random.below(crate::kinds::KINDS.len());
        let at = town.street(&mut random, sort);
        let Some(street) = tables().streets.get(at) else { continue };
        let house = random.between(1, i64::from(HOUSES)) as u16;
        let day = date(2003, 1, 1).saturating_add(random.between(0, 7 * 365).days());
        let written = if random.chance(0.8) { day.strftime("%d/%m/%Y").to_string() } else { day.to_string() };
        let time = if random.chance(0.7) { format!("{:02}:{:02}", random.between(0, 23), random.between(0, 59)) } else { String::new() };
        let (mut day, mut category) = (written, category.to_owned());
        if random.chance(0.004) {
            export.bad += 1;
            if random.chance(0.5) { day = "31/02/2004".to_owned() } else { category = "See file".to_owned() }
        }
        let told = details(&town, &mut random, at, what);
        let exact = random.chance(0.6);
        let cells = [
            format!("FL{:06}", 100_000 + number),
            day,
            time,
            category,
            if exact { address(at, house) } else { String::new() },
            street.name.to_owned(),
            if random.chance(0.85) { street.postcode.to_owned() } else { String::new() },
            if exact && random.chance(0.3) { uprn(at, house) } else { String::new() },
            format!("{:.0}", street.easting),
            format!("{:.0}", street.northing),
            told,
        ];
        last =
            cells.map(|cell| if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }).join(",")
                + "\r\n";
        export.csv.push_str(&last);
    }
    export
}

/// What an officer wrote of it, in two times of three with somebody's name.
fn details(town: &Town, random: &mut Random, street: usize, what: &str) -> String {
    let day = date(2006, 6, 1);
    let somebody = town.resident(random, street, day).or_else(|| town.people.get(random.below(town.people.len())));
    let Some(somebody) = somebody else { return what.to_owned() };
    match random.below(9) {
        0 | 1 => format!("{} {what}", ["Caller states", "Resident rang:", "Warden reports"][random.below(3)]),
        2 | 3 => format!("{what} Caller blames {}.", titled(somebody, random)),
        4 => format!("{what} She says her son {} was there.", somebody.given.name),
        5 => format!("{what} A girl known only as {} was the loudest.", somebody.street_name.unwrap_or("Shaz")),
        6 => format!("{what} {} {} was seen, with \"others\".", somebody.given.name, somebody.family.name),
        7 => format!("PC 1187 Walton attended. {what}\nSpoke to {}.", titled(somebody, random)),
        _ => what.to_owned(),
    }
}

fn titled(person: &Person, random: &mut Random) -> String {
    let title = if person.sex == 'f' { ["Mrs", "Miss", "Ms"][random.below(3)] } else { "Mr" };
    let initial = person.given.name.chars().next().unwrap_or('J');
    if random.chance(0.6) { format!("{title} {initial} {}", person.family.name) } else { format!("{title} {}", person.family.name) }
}
