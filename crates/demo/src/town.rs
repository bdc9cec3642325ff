//! The town as a whole: which streets are trouble, who lives where, who is known.

use crate::{
    kinds::{KINDS, Kind},
    people::{Person, population},
    random::Random,
    tables::{Street, tables},
};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The share of streets that are hotspots, and the share of incidents they carry.
const HOT: (f64, f64) = (0.15, 0.5);

/// People by their place in [`Town::people`].
type Places = Vec<usize>;

/// The town of one seed.
pub(crate) struct Town {
    pub(crate) people: Vec<Person>,
    /// By street.
    residents: Vec<Places>,
    /// Born so late that they are young in all three years, by area.
    youths: BTreeMap<&'static str, Places>,
    adults: BTreeMap<&'static str, Places>,
    /// Adults known all over town.
    known: Places,
    /// By kind: running totals of the weights of streets.
    streets: Vec<Vec<f64>>,
}

/// How restless an area is.
fn restless(area: &str) -> f64 {
    match area {
        "Stockton Town Centre" => 1.0,
        "Parkfield" | "Hardwick" | "Newtown" | "Mandale" | "Tilery" => 0.8,
        "Roseworth" | "Portrack" | "Thornaby" | "Low Grange" => 0.6,
        "Billingham Town Centre" | "Norton Grange" | "Village Thornaby" => 0.45,
        "Middlesbrough West" => 0.3,
        _ => 0.2,
    }
}

fn kind_weight(kind: &Kind, street: &Street) -> f64 {
    let [homes, shops, parks, roads] = kind.where_;
    let by_street = match street.kind {
        'r' => homes,
        's' => shops,
        'p' => parks,
        'i' => roads,
        _ => 0.0,
    };
    let by_area = kind.areas.iter().find(|(area, _)| *area == street.area).map_or(1.0, |(_, more)| *more);
    by_street * by_area * (0.4 + restless(street.area))
}

/// Which streets are hotspots, and a weight for each street among its like: a few carry most.
fn hotspots(seed: u64) -> (Vec<bool>, Vec<f64>) {
    let mut random = Random::new(seed, "hotspots", 0);
    let streets = &tables().streets;
    let mut heat: Vec<(f64, usize)> = streets
        .iter()
        .enumerate()
        .filter(|(_, street)| street.kind != 'x')
        .map(|(at, street)| (restless(street.area) + random.unit() * 1.2 + if street.kind == 's' { 0.3 } else { 0.0 }, at))
        .collect();
    heat.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut hot = vec![false; streets.len()];
    let mut share: Vec<f64> = streets.iter().map(|_| 0.4 + random.unit()).collect();
    for (rank, (_, at)) in heat.iter().take((heat.len() as f64 * HOT.0) as usize).enumerate() {
        hot[*at] = true;
        share[*at] = 1.0 / (rank as f64 + 6.0);
    }
    (hot, share)
}

impl Town {
    pub(crate) fn new(seed: u64, today: Date) -> Self {
        let streets = &tables().streets;
        let (hot, share) = hotspots(seed);
        let homes = totals(streets.iter().zip(&hot).map(|(street, hot)| match street.kind {
            'r' if *hot => 3.0,
            'r' => 1.0,
            's' => 0.3,
            _ => 0.0,
        }));
        let people = population(seed, today, &homes);
        let mut residents = vec![Places::new(); streets.len()];
        let (mut youths, mut adults) = (BTreeMap::<_, Places>::new(), BTreeMap::<_, Places>::new());
        let mut known = Places::new();
        for (at, person) in people.iter().enumerate() {
            let (Some(home), Some(street)) = (residents.get_mut(person.street), streets.get(person.street)) else { continue };
            home.push(at);
            match person.age(today) {
                14..=23 => youths.entry(street.area).or_default().push(at),
                28..=59 if known.len() < 60 && at.is_multiple_of(23) => known.push(at),
                24.. => adults.entry(street.area).or_default().push(at),
                _ => {}
            }
        }
        let streets = KINDS.iter().map(|kind| street_totals(kind, &hot, &share)).collect();
        Self { people, residents, youths, adults, known, streets }
    }

    /// A street where that kind happens.
    pub(crate) fn street(&self, random: &mut Random, kind: usize) -> usize {
        self.streets.get(kind).map_or(0, |totals| random.by_totals(totals))
    }

    fn early(&self, random: &mut Random, among: &Places) -> Option<&Person> {
        let at = random.unit().powf(1.7) * among.len() as f64;
        among.get(at as usize).and_then(|at| self.people.get(*at))
    }

    /// An adult who lives on the street, or else nearby.
    pub(crate) fn resident(&self, random: &mut Random, street: usize, day: Date) -> Option<&Person> {
        for _ in 0..8 {
            let found = self.residents.get(street).and_then(|among| self.early(random, among));
            if let Some(person) = found.filter(|person| person.age(day) >= 16 && person.home(day).0 == street) {
                return Some(person);
            }
        }
        self.adult(random, street, day)
    }

    /// An adult of the area.
    pub(crate) fn adult(&self, random: &mut Random, street: usize, day: Date) -> Option<&Person> {
        let among = self.adults.get(tables().streets.get(street)?.area)?;
        (0..8).find_map(|_| random.pick(among).and_then(|at| self.people.get(*at)).filter(|person| person.age(day) >= 18))
    }

    /// A young person of the area, the same few again and again.
    pub(crate) fn youth(&self, random: &mut Random, street: usize, day: Date) -> Option<&Person> {
        let among = self.youths.get(tables().streets.get(street)?.area)?;
        (0..8).find_map(|_| self.early(random, among).filter(|person| person.age(day) >= 11))
    }

    /// One of the adults known all over town.
    pub(crate) fn known(&self, random: &mut Random) -> Option<&Person> {
        self.early(random, &self.known)
    }

    /// A neighbour: somebody grown up of another household of the street.
    pub(crate) fn neighbour(&self, random: &mut Random, street: usize, household: usize, day: Date) -> Option<&Person> {
        (0..6).find_map(|_| self.resident(random, street, day).filter(|person| person.household != household))
    }

    /// The grown-up people of somebody's household.
    pub(crate) fn guardians(&self, child: &Person, day: Date) -> impl Iterator<Item = &Person> {
        let among = self.residents.get(child.street).map_or(&[][..], Vec::as_slice);
        let (household, born) = (child.household, child.born);
        among
            .iter()
            .filter_map(|at| self.people.get(*at))
            .filter(move |person| person.household == household && person.born.year() + 16 < born.year() && person.age(day) > 17)
    }
}

fn totals(weights: impl Iterator<Item = f64>) -> Vec<f64> {
    weights
        .scan(0.0, |total, weight| {
            *total += weight;
            Some(*total)
        })
        .collect()
}

/// Running totals of weights in which the hotspots together have their share.
fn street_totals(kind: &Kind, hot: &[bool], share: &[f64]) -> Vec<f64> {
    let weights: Vec<f64> = tables().streets.iter().zip(share).map(|(street, share)| kind_weight(kind, street) * share).collect();
    let sum = |which: bool| weights.iter().zip(hot).filter(|(_, hot)| **hot == which).map(|(weight, _)| weight).sum::<f64>();
    let scale = [(1.0 - HOT.1) / sum(false).max(1e-9), HOT.1 / sum(true).max(1e-9)];
    totals(weights.iter().zip(hot).map(|(weight, hot)| weight * scale[usize::from(*hot)]))
}
