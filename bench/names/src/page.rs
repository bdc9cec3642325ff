//! The tables of `docs/name-matching.md`, as the evidence has them.

use serde_json::Value;
use std::{error::Error, fs, path::Path};

const BEGIN: &str = "<!-- names -->\n";
const END: &str = "<!-- end of names -->";

/// Writes the latest figures of a million and of ten million people between the marks of the page.
pub(crate) fn write(evidence: &Path, page: &Path) -> Result<(), Box<dyn Error>> {
    let lines: Vec<Value> = fs::read_to_string(evidence)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let latest = |people: u64| {
        let found = lines.iter().rev().find(|line| line["people"] == people);
        found.ok_or_else(|| format!("{} has no line of {people} people", evidence.display()))
    };
    let text = fs::read_to_string(page)?;
    let marks = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?.1)));
    let (before, after) = marks.ok_or_else(|| format!("{} has no marks to write between", page.display()))?;
    fs::write(page, format!("{before}{BEGIN}{}{END}{after}", tables(latest(1_000_000)?, latest(10_000_000)?)))?;
    Ok(())
}

fn tables(million: &Value, ten: &Value) -> String {
    let figure = |value: &Value| value.as_f64().map_or_else(|| "none".to_owned(), |figure| format!("{figure:.3}"));
    let mut rows = String::new();
    let mut row = |of: &str, class: &str, shown: &str, interval: bool| {
        let (name, birth) = (&million[format!("{of}_name")]["classes"][class], &million[format!("{of}_name_and_birth")]["classes"][class]);
        let between = &name["recall_10_95"];
        let between = if interval { format!(" ({} to {})", figure(&between[0]), figure(&between[1])) } else { String::new() };
        let cells = [&name["mrr"], &birth["recall_10"], &birth["mrr"]].map(figure).join(" | ");
        rows += &format!("| {shown} | {}{between} | {cells} |\n", figure(&name["recall_10"]));
    };
    let classes = million["generated_name"]["classes"].as_object();
    for class in classes.into_iter().flat_map(serde_json::Map::keys).filter(|class| *class != "all") {
        row("generated", class, &class.replace('_', " "), true);
    }
    row("generated", "all", "all of these", false);
    row("given", "given", "given", false);
    let percent = |of: &Value| format!("{:.2}", of["absent_shown_as_strong"].as_f64().unwrap_or(f64::NAN) * 100.0);
    let off = |of: &Value, queries: &str| figure(&of[queries]["calibration_error"]);
    let luck = |queries: &str| figure(&million[queries]["classes"]["given"]["mrr_without_luck"]);
    let recall = |queries: &str| figure(&ten[queries]["classes"]["all"]["recall_10"]);
    format!(
        "| class | recall@10 by name (95 %) | MRR | recall@10 with date of birth or postcode | MRR |\n|---|---|---|---|---|\n{rows}
Which of several matches of the same strength is the person looked for is luck: without it the MRR of the given queries is {} by
name, {} with date of birth or postcode.

Of queries with a date of birth for people who are in no record, {} % were shown a strong match. The strength was off by {} by name
and {} with date of birth (mean distance between strength and share of right matches, by tenths, over all matches shown); on the given
queries by {} and {}. A mention takes {:.1} bytes on disk.

Among ten million people, with the setting `people` at ten million, where the person looked for shares the name with at most ten of them,
recall@10 was {} by name and {} with date of birth; the strength was off by {} and {}, and {} % of people in no record were shown a
strong match.\n",
        luck("given_name"),
        luck("given_name_and_birth"),
        percent(million),
        off(million, "generated_name"),
        off(million, "generated_name_and_birth"),
        off(million, "given_name"),
        off(million, "given_name_and_birth"),
        million["index"]["bytes_a_mention"].as_f64().unwrap_or(f64::NAN),
        recall("generated_name"),
        recall("generated_name_and_birth"),
        off(ten, "generated_name"),
        off(ten, "generated_name_and_birth"),
        percent(ten),
    )
}
