//! Incidents to be logged by a campaign: each with its own id, retry key and one person whose name nobody else has.

use super::client;
use model::Uuid;

/// A small generator: campaigns must be the same for the same seed.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// One for a seed and a place in the campaign; those of neighbouring places have nothing in common.
    pub fn new(seed: u64, place: u64) -> Self {
        Self(mixed(mixed(seed) ^ place))
    }

    /// The next number.
    #[allow(clippy::should_implement_trait, reason = "it never ends")]
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(self.0)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }
}

/// Splitmix64's mixing.
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// One incident, not logged yet.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The id the client made; one client in four leaves it to the server, so that the retry key alone tells a retry.
    pub id: Option<Uuid>,
    /// The retry key.
    pub key: String,
    /// The person named.
    pub name: String,
    /// The body.
    pub body: String,
}

impl Draft {
    /// The `number`th incident of a client. The same arguments give the same incident.
    pub fn new(seed: u64, client: u64, number: u64) -> Self {
        let mut random = Random::new(seed, (client << 32) | number);
        let name = format!("{} {}", word(&mut random, 3), word(&mut random, 5));
        let id = id(&mut random, number);
        let key = id.to_string();
        let id = (client % 4 != 3).then_some(id);
        let body = body(&mut random, id, &name);
        Self { id, key, name, body }
    }

    /// The request that logs it.
    pub fn request(&self, token: &str, minimal: bool) -> Vec<u8> {
        let key = ("idempotency-key", self.key.as_str());
        let headers: &[(&str, &str)] = if minimal { &[key, ("prefer", "return=minimal")] } else { &[key] };
        client::request("POST", "/v1/incidents", token, headers, &self.body)
    }
}

/// A request that searches for a name.
pub fn search(token: &str, name: &str) -> Vec<u8> {
    client::request("POST", "/v1/name-searches", token, &[], &format!(r#"{{"name":"{name}"}}"#))
}

/// A name of its own: two made from different numbers hardly ever resemble each other.
fn word(random: &mut Random, syllables: usize) -> String {
    const CONSONANTS: &[u8] = b"bdfghjklmnprstvwz";
    const VOWELS: &[u8] = b"aeiou";
    let mut word = String::new();
    for at in 0..syllables {
        let consonant = char::from(CONSONANTS[random.below(CONSONANTS.len() as u64) as usize]);
        word.push(if at == 0 { consonant.to_ascii_uppercase() } else { consonant });
        word.push(char::from(VOWELS[random.below(VOWELS.len() as u64) as usize]));
    }
    word
}

/// An id as an offline client makes it: time first, so that neighbours in time are neighbours in the database.
fn id(random: &mut Random, number: u64) -> Uuid {
    const SPRING: u64 = 1_780_000_000_000;
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&random.next().to_le_bytes());
    bytes[8..].copy_from_slice(&random.next().to_le_bytes()[..2]);
    uuid::Builder::from_unix_timestamp_millis(SPRING + number, &bytes).into_uuid()
}

/// One of some four thousand postcodes of a borough, in its eight outward codes.
fn postcode(random: &mut Random) -> String {
    const LETTERS: &[u8] = b"ABDEFGHJ";
    let letter = |random: &mut Random| char::from(LETTERS[random.below(LETTERS.len() as u64) as usize]);
    format!("TS{} {}{}{}", 16 + random.below(8), 1 + random.below(8), letter(random), letter(random))
}

fn body(random: &mut Random, id: Option<Uuid>, name: &str) -> String {
    let id = id.map_or_else(String::new, |id| format!(r#""id":"{id}","#));
    let (given, family) = name.split_once(' ').unwrap_or_default();
    let (easting, northing) = (444_000 + random.below(2_000), 518_000 + random.below(2_000));
    let (house, day, hour) = (1 + random.below(90), 1 + random.below(28), 10 + random.below(12));
    let (year, month) = (1960 + random.below(40), 1 + random.below(12));
    let home = postcode(random);
    format!(
        r#"{{{id}"occurred":{{"at":"2026-03-{day:02}T{hour}:15:00Z"}},"qualifier":"nuisance","types":[202],"summary":"Shouting and banging from the flat above, again","narrative":"The caller says that it began about an hour ago, that music can be heard through the wall and that a door was kicked. It is the third time this month. Officers were not sent.","places":[{{"address":"{house} Norton Road","street":"Norton Road","postcode":"TS20 2QR","easting":{easting},"northing":{northing}}}],"involvements":[{{"person":{{"name":{{"given":"{given}","family":"{family}"}},"date_of_birth":"{year}-{month:02}-{day:02}","addresses":[{{"postcode":"{home}"}}]}},"roles":["person_complained_about"]}}]}}"#
    )
}
