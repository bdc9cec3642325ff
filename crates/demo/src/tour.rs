//! The tour: for each planted story the query that finds it, who asks, and what is to be seen.

use crate::stories::{FEUD, HOTSPOT, JINX, OWNER_ONLY, REPEAT_VICTIM, TWO_RECORDS, hotspot_labels, id, two_records_labels};
use jiff::{ToSpan, civil::Date};
use uuid::Uuid;

/// One stop of the tour.
#[derive(Debug, Clone, PartialEq)]
pub struct TourStep {
    /// The story, one of [`crate::STORIES`].
    pub story: &'static str,
    /// What it is about, in a line.
    pub title: &'static str,
    /// The key of the officer who asks.
    pub officer: &'static str,
    /// What is asked.
    pub query: TourQuery,
    /// What is to be seen.
    pub shows: &'static str,
    /// The incidents that the answer holds (for a hotspot: those counted in its cells).
    pub finds: Vec<Uuid>,
    /// Incidents that must not be in the answer, nor shape it.
    pub hides: Vec<Uuid>,
}

/// A query of the tour.
#[derive(Debug, Clone, PartialEq)]
pub enum TourQuery {
    /// A name search.
    Name {
        /// The name as typed.
        name: &'static str,
        /// A date of birth, where one is given.
        date_of_birth: Option<&'static str>,
        /// A postcode, where one is given.
        postcode: Option<&'static str>,
    },
    /// A place search.
    Place {
        /// The street.
        street: &'static str,
    },
    /// A hotspot query.
    Hotspots {
        /// NSIR types counted.
        types: &'static [u16],
        /// Metres on the grid: west, south, east, north.
        grid_box: [f64; 4],
        /// Metres.
        cell_size: u32,
        /// The first and last day, in days before today.
        days_before: (i64, i64),
    },
    /// One incident, asked for by its id.
    Incident {
        /// The id.
        id: Uuid,
    },
}

impl TourQuery {
    /// The first and last day of a hotspot query.
    pub fn dates(&self, today: Date) -> Option<(Date, Date)> {
        let Self::Hotspots { days_before: (first, last), .. } = self else { return None };
        Some((today.saturating_sub(first.days()), today.saturating_sub(last.days())))
    }

    /// The box of a hotspot query in degrees: west, south, east, north.
    pub fn degrees(&self) -> Option<[f64; 4]> {
        let Self::Hotspots { grid_box: [west, south, east, north], .. } = *self else { return None };
        let corner = |easting, northing| model::grid::Grid { easting, northing }.to_wgs84();
        let (low, high) = (corner(west, south)?, corner(east, north)?);
        Some([low.longitude, low.latitude, high.longitude, high.latitude])
    }
}

/// The borough, in metres.
const BOROUGH: [f64; 4] = [436_000.0, 508_500.0, 449_000.0, 527_500.0];
/// Thornaby, in metres.
const THORNABY: [f64; 4] = [443_500.0, 514_500.0, 447_500.0, 518_500.0];

fn ids<'a>(story: &'static str, labels: &'a [&'a str]) -> Vec<Uuid> {
    labels.iter().map(|label| id(story, label)).collect()
}

/// The tour, in its order.
pub fn tour() -> Vec<TourStep> {
    let mut steps = repeat_victim();
    steps.extend(feud());
    steps.extend(hotspot());
    steps.extend(jinx());
    steps.push(TourStep {
        story: TWO_RECORDS,
        title: "One burnt-out car, two records",
        officer: "council-officer",
        query: TourQuery::Place { street: "Lockwood Street" },
        shows: "the fire brigade's record of the night and the council's of the morning: the same grey Ford, to be linked as one event",
        finds: two_records_labels().map(|label| id(TWO_RECORDS, label)).to_vec(),
        hides: Vec::new(),
    });
    steps
}

fn repeat_victim() -> Vec<TourStep> {
    let told = ["1", "2", "3", "4", "5", "6", "7", "9"];
    vec![
        TourStep {
            story: REPEAT_VICTIM,
            title: "A repeat victim under many spellings",
            officer: "council-officer",
            query: TourQuery::Name { name: "Margret Ashworth", date_of_birth: Some("1948-03-17"), postcode: Some("TS19 8ZA") },
            shows: "Margaret, Maggie, Peggy and Mrs M Ashworth or Ashwerth of 27 Trimdon Close: eight incidents in fourteen months, of three agencies; the ninth is the police's, whose caller asked not to be named",
            finds: ids(REPEAT_VICTIM, &told),
            hides: ids(REPEAT_VICTIM, &["8"]),
        },
        TourStep {
            story: REPEAT_VICTIM,
            title: "The same by its place",
            officer: "council-officer",
            query: TourQuery::Place { street: "Trimdon Close" },
            shows: "all nine incidents; the caller of the police's one is withheld",
            finds: ids(REPEAT_VICTIM, &["1", "2", "3", "4", "5", "6", "7", "8", "9"]),
            hides: Vec::new(),
        },
    ]
}

fn feud() -> Vec<TourStep> {
    let all = ids(FEUD, &["1", "2", "3", "4", "5", "6", "7", "8"]);
    vec![
        TourStep {
            story: FEUD,
            title: "A feud between two households",
            officer: "council-officer",
            query: TourQuery::Place { street: "Glaisdale Court" },
            shows: "eight incidents in nine months: the Donnellys of number 4 and the Fairbairns of number 6, by turns complaining and complained about; one allegation withdrawn, one admitted, three answered by a counter-allegation",
            finds: all,
            hides: Vec::new(),
        },
        TourStep {
            story: FEUD,
            title: "One of the two households, misspelt",
            officer: "tristar-officer",
            query: TourQuery::Name { name: "Craig Fairburne", date_of_birth: None, postcode: None },
            shows: "Craig Fairbairn, twice complained about, once complaining, and once as Fairburn with a year of birth only",
            finds: ids(FEUD, &["1", "3", "6", "7"]),
            hides: Vec::new(),
        },
    ]
}

fn hotspot() -> Vec<TourStep> {
    let recent: Vec<Uuid> = hotspot_labels().map(|label| id(HOTSPOT, &label)).collect();
    let step = |title, grid_box, days_before, shows, finds, hides| TourStep {
        story: HOTSPOT,
        title,
        officer: "council-analyst",
        query: TourQuery::Hotspots { types: &[202], grid_box, cell_size: 250, days_before },
        shows,
        finds,
        hides,
    };
    vec![
        step(
            "An emerging hotspot",
            THORNABY,
            (70, 1),
            "the cells around Anson Green (easting 445380, northing 515880), the most significant of Thornaby: 72 incidents in ten weeks, from two a week to fourteen",
            recent.clone(),
            Vec::new(),
        ),
        step("The same ten weeks a year before", THORNABY, (435, 366), "nothing at Anson Green", Vec::new(), recent.clone()),
        step(
            "The whole borough",
            BOROUGH,
            (70, 1),
            "Anson Green far beyond chance, beside the centre of Stockton, which is always there",
            recent,
            Vec::new(),
        ),
    ]
}

fn jinx() -> Vec<TourStep> {
    let police = ids(JINX, &["police 1", "police 2", "police 3"]);
    let housing = ids(JINX, &["housing 1", "housing 2", "housing 3", "housing 4"]);
    let record = id(OWNER_ONLY, "record");
    let search = |name, date_of_birth| TourQuery::Name { name, date_of_birth, postcode: None };
    let mut joined = police.clone();
    joined.push(record);
    vec![
        TourStep {
            story: JINX,
            title: "A street name",
            officer: "council-officer",
            query: search("Jinx", None),
            shows: "three police records of Jinx, nobody's real name, and nothing of the record that has both",
            finds: police,
            hides: [housing.as_slice(), &[record]].concat(),
        },
        TourStep {
            story: JINX,
            title: "One name, many transliterations",
            officer: "tristar-officer",
            query: search("Mohammed Hussain", Some("2004-08-23")),
            shows: "Mohammed, Muhammad, Mohamed and M Usman, Hussain, Husain and Hussein of 14 Kelsall Street: twice affected, once a witness, once complained about; nothing of Jinx",
            finds: housing,
            hides: joined.clone(),
        },
        TourStep {
            story: OWNER_ONLY,
            title: "The same search by an officer who may know more",
            officer: "police-officer",
            query: search("Jinx", None),
            shows: "the three records and a fourth: Muhammad Usman Hussain, called Jinx",
            finds: joined,
            hides: Vec::new(),
        },
        TourStep {
            story: OWNER_ONLY,
            title: "A record that does not exist for you",
            officer: "council-officer",
            query: TourQuery::Incident { id: record },
            shows: "404, the same as for an id that nobody ever used",
            finds: Vec::new(),
            hides: vec![record],
        },
    ]
}
