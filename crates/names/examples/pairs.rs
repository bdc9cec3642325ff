//! How well two names are told to be one person's, on labelled pairs: `-- PAIRS.csv [verbose]`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout, missing_docs)]

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut pairs = Vec::new();
    for record in csv::Reader::from_path(&arguments[0]).unwrap().records() {
        let record = record.unwrap();
        if &record[1] == "Person" {
            pairs.push((record[2].to_owned(), record[3].to_owned(), &record[4] == "true"));
        }
    }
    // The tables are read once.
    names::compare("Ann Lee", "Anna Lea");
    let start = cpu_time::ThreadTime::now();
    let strengths: Vec<f32> = pairs.iter().map(|(a, b, _)| names::compare(a, b).strength).collect();
    println!("{} pairs, {:.1} us a pair", pairs.len(), start.elapsed().as_secs_f64() * 1e6 / pairs.len() as f64);
    for threshold in (1..20).map(|step| step as f32 / 20.0) {
        let mut counts = [[0u32; 2]; 2];
        for (strength, (_, _, same)) in strengths.iter().zip(&pairs) {
            counts[usize::from(*same)][usize::from(*strength >= threshold)] += 1;
        }
        let [[_, false_hits], [missed, hits]] = counts.map(|row| row.map(f64::from));
        println!(
            "{threshold:.2} precision {:.3} recall {:.3} F1 {:.3}",
            hits / (hits + false_hits),
            hits / (hits + missed),
            2.0 * hits / (2.0 * hits + false_hits + missed)
        );
    }
    if arguments.len() > 1 {
        for (strength, (a, b, same)) in strengths.iter().zip(&pairs) {
            if (*strength >= 0.2) != *same {
                println!("{} {strength:.2} {a} | {b}", if *same { "MISSED" } else { "FALSE" });
            }
        }
    }
}
