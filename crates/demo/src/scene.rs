//! What the phrases of one incident speak of.

/// The words for the gaps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scene {
    pub(crate) street: String,
    pub(crate) address: String,
    pub(crate) area: String,
    pub(crate) premises: String,
    pub(crate) vehicle: String,
    pub(crate) time: String,
    pub(crate) duration: String,
    /// Whoever did it.
    pub(crate) they: String,
    /// Whoever told us: "the caller" when the name is not to be told.
    pub(crate) who: String,
    /// Whoever suffered it.
    pub(crate) victim: String,
}

impl Scene {
    /// The word for a gap; nothing for one that does not exist.
    pub(crate) fn gap(&self, name: &str) -> &str {
        match name {
            "street" => &self.street,
            "address" => &self.address,
            "area" => &self.area,
            "premises" => &self.premises,
            "vehicle" => &self.vehicle,
            "time" => &self.time,
            "duration" => &self.duration,
            "they" => &self.they,
            "who" => &self.who,
            "victim" => &self.victim,
            _ => "",
        }
    }
}

/// A small number in words.
pub(crate) fn in_words(number: i64) -> &'static str {
    const WORDS: [&str; 16] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen",
    ];
    usize::try_from(number).ok().and_then(|at| WORDS.get(at)).copied().unwrap_or("many")
}
