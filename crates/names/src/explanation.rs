//! Why it matched, in plain sentences.

use crate::{
    Reason, Rule, Sex,
    alignment::{self, Choice, Seats},
    analysis::Slot,
    evidence,
    pairing::{JOINED, Pair},
    scoring::{self, Circumstances, NameScore, Question},
};

/// The reasons for the score of one recorded name, in the order of the query's parts.
pub(crate) fn name_reasons(question: &Question, score: &NameScore, seats: &Seats<'_>) -> Vec<Reason> {
    let seats = &seats.seats;
    let alignment = &score.alignment;
    let parts = question.parts;
    let mut reasons = Vec::new();
    let mut misplaced = 0.0;
    let mut swapped = (false, false);
    for part in 0..parts {
        let asked = shown(question.probes[part].text());
        let gain = scoring::for_it(question.worth[part]);
        match alignment.choices[part] {
            Choice::WithPrevious => {}
            Choice::Missing => reasons.push(Reason {
                text: format!("{asked} is not in the recorded name"),
                query_part: asked,
                recorded_part: None,
                rule: Rule::NotFound,
                weight: scoring::against(question.missing[part]),
            }),
            Choice::One { at, pair } => {
                misplaced += alignment::misplaced(part, part, parts, seats[at].slot);
                swapped.0 |= part == 0 && parts > 1 && seats[at].slot == Slot::Family;
                swapped.1 |= part > 0 && seats[at].slot == Slot::Given;
                let recorded = shown(seats[at].text);
                reasons.push(compared(asked, recorded, pair, gain + scoring::against(pair.cost)));
            }
            Choice::Joined { at, pair } => {
                misplaced += alignment::misplaced(part, part + 1, parts, seats[at].slot);
                let asked = format!("{asked} {}", shown(question.probes[part + 1].text()));
                let joined = Pair::of(pair.cost, Rule::Joined);
                let weight = gain + scoring::for_it(question.worth[part + 1]) + scoring::against(pair.cost + JOINED);
                reasons.push(compared(asked, shown(seats[at].text), joined, weight));
            }
            Choice::Split { at, then, pair } => {
                let place = |seat: usize| alignment::misplaced(part, part, parts, seats[seat].slot);
                misplaced += place(at).min(place(then));
                let recorded = format!("{} {}", shown(seats[at].text), shown(seats[then].text));
                reasons.push(compared(asked, recorded, pair, gain + scoring::against(pair.cost)));
            }
        }
    }
    if misplaced > 0.0 {
        let text = match swapped {
            (true, true) => "The given and family names are the other way round",
            _ => "The parts stand in another place in the recorded name",
        };
        reasons.push(Reason {
            query_part: String::new(),
            recorded_part: None,
            rule: Rule::Swapped,
            weight: scoring::against(misplaced),
            text: text.to_owned(),
        });
    }
    for at in (0..seats.len()).filter(|at| alignment.used >> at & 1 == 0) {
        let recorded = shown(seats[at].text);
        reasons.push(Reason {
            query_part: String::new(),
            text: format!("The recorded name also has {recorded}"),
            recorded_part: Some(recorded),
            rule: Rule::ExtraPart,
            weight: scoring::against(scoring::extra(question, alignment, seats, at)),
        });
    }
    let beyond = score.evidence - scoring::of_name(score.evidence);
    if beyond > 0.0 {
        reasons.push(Reason {
            query_part: String::new(),
            recorded_part: None,
            rule: Rule::NameAlone,
            weight: scoring::against(beyond),
            text: "However rare the name is, others may share it".to_owned(),
        });
    }
    reasons
}

fn compared(asked: String, recorded: String, pair: Pair, weight: f32) -> Reason {
    let text = match pair.rule {
        Rule::SpellingDistance { edits: 1 } => format!("{asked} is one letter away from {recorded}"),
        Rule::SpellingDistance { edits } => format!("{asked} is {edits} letters away from {recorded}"),
        Rule::SoundsAlike => format!("{asked} sounds like {recorded}"),
        Rule::Nickname => format!("{asked} is another form of {recorded}"),
        Rule::LocalForm => format!("{asked} is another form of {recorded} here, as your partnership has entered"),
        Rule::Initial if asked.len() == 1 => format!("{asked} is the initial of {recorded}"),
        Rule::Initial => format!("{recorded} is the initial of {asked}"),
        Rule::Prefix if asked.len() < recorded.len() => format!("{asked} is the beginning of {recorded}"),
        Rule::Prefix => format!("{recorded} is the beginning of {asked}"),
        Rule::Ending if asked.len() < recorded.len() => format!("{asked} is the end of {recorded}"),
        Rule::Ending => format!("{recorded} is the end of {asked}"),
        Rule::BeginsAlike => format!("{asked} and {recorded} begin alike, but are not known as forms of one name"),
        Rule::Joined if asked.contains(' ') => format!("{asked} run together is {recorded}"),
        Rule::Joined => format!("{asked} is {recorded} run together"),
        _ => format!("{asked} is the same"),
    };
    Reason { query_part: asked, recorded_part: Some(recorded), rule: pair.rule, weight, text }
}

/// The reasons of date of birth, age, postcode and sex.
pub(crate) fn circumstance_reasons(question: &Question, known: Circumstances<'_>) -> Vec<Reason> {
    let [birth, postcode, sex] = scoring::circumstances(question, known);
    let birth = birth.map(|(rule, weight)| {
        let asked = evidence::written(question.date_of_birth);
        let recorded = match (rule, known.age_band) {
            (Rule::AgeBandFits | Rule::AgeBandDiffers, Some((from, to))) => format!("{from} to {to} years"),
            _ => evidence::written(known.date_of_birth),
        };
        Reason {
            text: circumstance(rule, weight).to_owned(),
            query_part: asked,
            recorded_part: Some(recorded),
            rule,
            weight: scoring::for_it(weight),
        }
    });
    let postcode = postcode.zip(question.postcode).map(|((rule, weight), asked)| {
        let fitting =
            known.postcodes.iter().find(|code| evidence::postcode(asked, std::iter::once(**code)).is_some_and(|found| found.0 == rule));
        Reason {
            query_part: evidence::postcode_written(asked),
            recorded_part: fitting.map(|code| evidence::postcode_written(*code)),
            rule,
            weight: scoring::for_it(weight),
            text: circumstance(rule, weight).to_owned(),
        }
    });
    let sex = sex.zip(question.sex).map(|((rule, weight), asked)| Reason {
        query_part: sex_shown(asked).to_owned(),
        recorded_part: known.sex.map(|sex| sex_shown(sex).to_owned()),
        rule,
        weight: scoring::for_it(weight),
        text: circumstance(rule, weight).to_owned(),
    });
    birth.into_iter().chain(postcode).chain(sex).collect()
}

fn circumstance(rule: Rule, weight: f32) -> &'static str {
    match rule {
        Rule::DateOfBirthExact => "The date of birth is the same",
        Rule::DateOfBirthPartly => "The date of birth agrees as far as both are known",
        Rule::DateOfBirthDayMonthSwapped => "Day and month of birth are the other way round",
        Rule::DateOfBirthOneDigit => "One digit of the date of birth differs",
        Rule::DateOfBirthYearOnly if weight < 0.0 => "Only the year of birth is the same",
        Rule::DateOfBirthYearOnly => "The year of birth is the same",
        Rule::DateOfBirthDiffers => "The date of birth differs",
        Rule::AgeBandFits => "The date of birth fits the recorded age",
        Rule::AgeBandDiffers => "The date of birth does not fit the recorded age",
        Rule::PostcodeExact => "The postcode is the same",
        Rule::SexSame => "The sex is the same",
        Rule::SexDiffers => "Another sex is recorded",
        Rule::PostcodeArea => "The first part of the postcode is the same",
        _ => "The postcode differs",
    }
}

fn sex_shown(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

fn shown(part: &str) -> String {
    let mut shown = part.to_owned();
    if let Some(first) = shown.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    shown
}
