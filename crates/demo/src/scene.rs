//! What the phrases of one incident speak of.

/// The words for the gaps.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scene {
    pub(crate) street: String,
    pub(crate) address: String,
    /// A shop or public house.
    pub(crate) shop: String,
    /// Somewhere public.
    pub(crate) place: String,
    pub(crate) car: String,
    pub(crate) bike: String,
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
            "shop" => &self.shop,
            "place" => &self.place,
            "car" => &self.car,
            "bike" => &self.bike,
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
