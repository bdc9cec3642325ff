//! One part of the query against one part of a recorded name.

use crate::{
    LocalForms, Rule,
    analysis::Slot,
    nicknames::{self, Forms},
    outline::Outline,
    sounds::Sounds,
    spelling::{self, Letters, Pattern},
};
use std::{cell::OnceCell, sync::Arc};

/// What costs more than this is no match at all.
pub(crate) const WORST: f32 = 11.0;
/// Written as one word here and two there.
pub(crate) const JOINED: f32 = 1.4;

/// That anything at all went wrong with a spelling.
const MISSPELT: f32 = 0.5;
const MISHEARD: f32 = 4.2;
/// How much less likely a mishearing may be than a slip of the fingers to be the reason that is told.
const TOLD_AS_HEARD: f32 = 3.0;
/// An initial for the name.
pub(crate) const INITIAL: f32 = 2.0;
const PREFIX: f32 = 3.0;
const PREFIX_PER_LETTER: f32 = 0.5;
/// The end of a name for the whole: Drew, Andrew.
const ENDING: f32 = 5.2;
/// What it costs beside that to meet a family name in a short form: people are called by those of their given names.
const FAMILY_FORM: f32 = 2.0;
/// Letters at least of a name whose forms are looked for with a slip in it.
const SHORTEST_MISSPELT: usize = 3;
/// Letters of such an end at least.
pub(crate) const SHORTEST_ENDING: usize = 3;
/// Another form of the name where the question is asked: as likely as a short form of the table.
pub(crate) const LOCAL_FORM: f32 = 2.7;
/// An error in a short part leaves little that agrees.
const SHORT_PART: f32 = 1.0;

/// A part of the query, or two of them joined, made ready for comparing.
#[derive(Debug, Clone)]
pub(crate) struct Probe {
    pub(crate) pattern: Pattern,
    pub(crate) outline: Outline,
    forms: OnceCell<Forms>,
    /// Other forms where the question is asked.
    local: Vec<String>,
    /// Typing errors allowed.
    pub(crate) most_edits: u8,
    /// Two parts of the query taken as one word: only the whole of it is compared.
    joined: bool,
    /// What it costs beside all else that two parts taken as one word tell less than two.
    pub(crate) overcounted: f32,
}

/// How well a recorded part fits, as the rough negative logarithm of the chance of it being written so.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Pair {
    pub(crate) cost: f32,
    pub(crate) rule: Rule,
    /// The same where the recorded part is a family name.
    as_family: (f32, Rule),
}

impl Pair {
    pub(crate) fn of(cost: f32, rule: Rule) -> Pair {
        Pair { cost, rule, as_family: (cost, rule) }
    }

    /// Another form of the name, where the parts fit in no cheaper way; `otherwise` is the cheapest of the others.
    fn of_form(cost: f32, otherwise: Option<Pair>) -> Pair {
        let as_form = if cost < nicknames::SHORT { cost } else { cost + FAMILY_FORM };
        let otherwise = otherwise.filter(|other| other.cost < as_form && other.rule != Rule::Ending);
        let as_family = otherwise.map_or((as_form, Rule::Nickname), |other| (other.cost, other.rule));
        Pair { cost, rule: Rule::Nickname, as_family }
    }

    /// For a part that stands there.
    pub(crate) fn in_slot(self, slot: Slot) -> Pair {
        let (cost, rule) = self.as_family;
        if slot == Slot::Family { Pair { cost, rule, ..self } } else { self }
    }

    pub(crate) fn dearer(self, by: f32) -> Pair {
        let (cost, rule) = self.as_family;
        Pair { cost: self.cost + by, as_family: (cost + by, rule), ..self }
    }
}

impl Probe {
    pub(crate) fn new(text: impl Into<String>, local_forms: &[Arc<LocalForms>]) -> Probe {
        let pattern = Pattern::new(text);
        let text = pattern.text();
        let most_edits = match text.len() {
            0..=1 => 0,
            2..=3 => 1,
            _ => 2,
        };
        let local = local_forms.iter().flat_map(|forms| forms.of_part(text)).cloned().collect();
        Probe { outline: Outline::of(text), forms: OnceCell::new(), local, most_edits, joined: false, overcounted: 0.0, pattern }
    }

    /// Two neighbouring parts, in case they are one word.
    pub(crate) fn joined(text: impl Into<String>) -> Probe {
        let pattern = Pattern::new(text);
        let text = pattern.text();
        let (most_edits, forms) = (u8::from(text.len() >= 3), OnceCell::from(Forms::default()));
        Probe { outline: Outline::of(text), forms, local: Vec::new(), most_edits, joined: true, overcounted: 0.0, pattern }
    }

    /// The part, or both.
    pub(crate) fn text(&self) -> &str {
        self.pattern.text()
    }

    /// Its sounds.
    pub(crate) fn sounds(&self) -> Sounds {
        self.outline.sounds(self.text())
    }

    /// Typing errors between this and a recorded part, where they are not too many.
    pub(crate) fn edits(&self, recorded: &str) -> Option<u8> {
        self.pattern.edits(recorded, self.most_edits)
    }

    /// Whether a recorded part with these sounds may be this one misheard.
    pub(crate) fn sounds_like(&self, recorded: &str, sounds: Sounds) -> bool {
        self.sounds().alike(sounds) && self.outline.letters.half_shared(Letters::of(recorded))
    }

    /// Other forms of the name, with their costs, and those of the names it may be a slip for.
    pub(crate) fn forms(&self) -> &Forms {
        self.forms.get_or_init(|| {
            let misspelt = self.text().len() >= SHORTEST_MISSPELT;
            let mut forms = if misspelt { misspelt_forms(&self.pattern) } else { Forms::default() };
            nicknames::forms(self.text()).iter().for_each(|form| keep_cheaper(&mut forms, form.name, form.cost));
            forms
        })
    }

    /// What it costs to meet this as another form of a recorded part: as [`Probe::forms`] says, without working all of them out for
    /// one comparison.
    fn as_form(&self, recorded: &str) -> Option<f32> {
        if let Some(known) = self.forms.get() {
            return known.get(recorded).copied();
        }
        let (asked, letters) = (self.text(), self.outline.letters);
        let misspelt = |name: &str| {
            let long_enough = asked.len().min(name.len()) >= SHORTEST_MISSPELT;
            long_enough && self.pattern.edits(name, 1).is_some()
        };
        // The table holds every pair both ways.
        let near = nicknames::forms(recorded).iter().filter(|form| letters.may_be_within(form.letters, 1));
        let costs = near.filter_map(|form| match form.name {
            name if name == asked => Some(form.cost),
            name => misspelt(name).then(|| form.cost + slip(&self.pattern, name)),
        });
        costs.filter(|cost| *cost <= WORST).min_by(f32::total_cmp)
    }

    /// Other forms of the name where the question is asked.
    pub(crate) fn local_forms(&self) -> &[String] {
        &self.local
    }

    /// Whether this is two parts of the query taken as one word.
    pub(crate) fn is_joined(&self) -> bool {
        self.joined
    }

    /// The letter, where this is only an initial.
    pub(crate) fn initial(&self) -> Option<u8> {
        if let [letter] = self.text().as_bytes() { Some(*letter) } else { None }
    }

    /// Whether this is only an initial.
    pub(crate) fn is_initial(&self) -> bool {
        self.initial().is_some()
    }

    /// The longest word this is the beginning of.
    pub(crate) fn longest_completion(&self) -> usize {
        if self.joined || self.text().len() < 3 { 0 } else { self.text().len() + if self.text().len() == 3 { 4 } else { 6 } }
    }

    /// Whether one name is the end of the other, as Drew is of Andrew.
    pub(crate) fn is_ending(shorter: &str, longer: &str) -> bool {
        shorter.len() >= SHORTEST_ENDING && longer.len() >= shorter.len() + 2 && longer.ends_with(shorter)
    }

    /// Compares with a recorded part, for which it is asked, where that matters, whether it sounds alike and how many of the typing
    /// errors allowed lie between.
    pub(crate) fn pair_knowing(
        &self,
        recorded: &str,
        sounds_alike: impl FnOnce() -> bool,
        edits: impl FnOnce() -> Option<u8>,
    ) -> Option<Pair> {
        let asked = self.text();
        if asked == recorded {
            return Some(Pair::of(self.overcounted, Rule::Exact));
        }
        if asked.len() == 1 || recorded.len() == 1 {
            let same = asked.as_bytes().first() == recorded.as_bytes().first();
            // Two parts run together have no initial: "M" stands for one of them, not for both.
            return (same && !self.joined).then_some(Pair::of(INITIAL, Rule::Initial));
        }
        let mut best: Option<Pair> = None;
        let mut offer = |cost: f32, rule: Rule| {
            if cost <= WORST && best.is_none_or(|known| cost < known.cost) {
                best = Some(Pair::of(cost, rule));
            }
        };
        if self.local.iter().any(|form| form == recorded) {
            offer(LOCAL_FORM, Rule::LocalForm);
        }
        let edits = edits();
        // Two parts taken as one word are not heard as one of them.
        let half = self.joined && edits.is_none() && (asked.starts_with(recorded) || asked.ends_with(recorded));
        let sounds_alike = !half && sounds_alike();
        if edits.is_some() || sounds_alike {
            let short = if asked.len().min(recorded.len()) <= 4 { SHORT_PART } else { 0.0 };
            let heard = sounds_alike.then(|| MISHEARD + spelling::cost_by_ear(asked, recorded));
            let typed = edits.map(|edits| (MISSPELT + short + spelling::cost(asked, recorded), Rule::SpellingDistance { edits }));
            match (heard, typed) {
                // Either may have happened: the likelier one counts, and a hearer is told what is heard.
                (Some(heard), Some((typed, _))) if heard < typed + TOLD_AS_HEARD => offer(heard.min(typed), Rule::SoundsAlike),
                (_, Some((typed, rule))) => offer(typed, rule),
                (Some(heard), None) => offer(heard, Rule::SoundsAlike),
                (None, None) => {}
            }
        }
        if recorded.len() <= self.longest_completion() && recorded.starts_with(asked) {
            offer(PREFIX + PREFIX_PER_LETTER * (recorded.len() - asked.len()) as f32, Rule::Prefix);
        } else if !self.joined && recorded.len() >= 4 && asked.starts_with(recorded) {
            offer(PREFIX + 1.0 + PREFIX_PER_LETTER * (asked.len() - recorded.len()) as f32, Rule::Prefix);
        }
        let ending = !self.joined && (Self::is_ending(asked, recorded) || Self::is_ending(recorded, asked));
        let best = best.or(ending.then_some(Pair::of(ENDING, Rule::Ending))).map(|pair| pair.dearer(self.overcounted));
        match self.as_form(recorded) {
            Some(form) if form <= best.map_or(WORST, |pair| pair.cost) => Some(Pair::of_form(form, best)),
            _ => best,
        }
    }
}

/// What it costs to take the pattern for a slip for a name.
fn slip(pattern: &Pattern, name: &str) -> f32 {
    MISSPELT + spelling::cost(pattern.text(), name)
}

fn keep_cheaper(forms: &mut Forms, form: &'static str, cost: f32) {
    let known = forms.entry(form).or_insert(f32::MAX);
    *known = known.min(cost);
}

/// Forms of the names in the nickname table that the pattern is one typing error away from.
fn misspelt_forms(pattern: &Pattern) -> Forms {
    let mut forms = Forms::default();
    nicknames::each_one_edit_away(pattern, |name| {
        if name.len() >= SHORTEST_MISSPELT && name != pattern.text() {
            let slip = slip(pattern, name);
            nicknames::forms(name).iter().for_each(|form| keep_cheaper(&mut forms, form.name, form.cost + slip));
        }
    });
    forms.retain(|_, cost| *cost <= WORST);
    forms
}
