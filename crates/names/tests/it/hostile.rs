//! Whatever is typed, a search answers, and soon.

use crate::world::{World, mention, query};
use names::{NamesError, Query, Tail, analysis, compare};
use proptest::prelude::*;
use std::time::{Duration, Instant};

#[test]
fn absurd_queries_are_answered_quickly() {
    let world = World::of(&["John Smith", "a b c d e f g h i j k l", "Ann Ann Ann Ann Ann Ann Ann Ann Ann Ann"]);
    let start = Instant::now();
    for name in ["(".repeat(10_000), "x".repeat(10_000_000), "John ".repeat(2_000_000), "\u{0}".repeat(5_000)] {
        assert!(matches!(world.index.search(&query(&name), &|_| true, &Tail::new()), Err(NamesError::QueryTooLong { .. })));
    }
    for name in ["", "(((((", "\u{0}", "AND OR NOT", "name:*", "\"", "~2", "[a TO z]", "💥 💥", "a", "j s", "ﷺ", "123"] {
        world.ask(&query(name));
    }
    for name in ["Ann ".repeat(60), "An ".repeat(80), "a ".repeat(120), "ab".repeat(128)] {
        world.ask(&query(&name));
    }
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn absurd_records_are_indexed() {
    let world = World::new();
    let names = ["(".repeat(10_000), "x".repeat(100_000), "John ".repeat(10_000), String::new(), "王小明".into(), "💥".into()];
    world.fill((1..).zip(&names).map(|(id, name)| mention(id, name)).collect());
    assert_eq!(world.names_found("Wang Xiao Ming"), ["王小明"]);
    let mut many = mention(99, "Zed Carrington");
    many.names = (0..500).map(|_| many.names[0].clone()).collect();
    many.postcodes = (0..500).map(|at| format!("TS{at} 1AB")).collect();
    world.fill(vec![many]);
    assert_eq!(world.ask(&query("Zed Carrington")).len(), 1);
}

#[test]
fn limits_are_kept() {
    let world = World::of(&["Ann Carrington"; 30]);
    for (limit, expected) in [(0, 0), (1, 1), (7, 7), (usize::MAX, 30)] {
        assert_eq!(world.ask(&Query { limit, ..query("ann carrington") }).len(), expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn comparing_never_panics(a in any::<String>(), b in any::<String>()) {
        let comparison = compare(&a, &b);
        prop_assert!((0.0..=1.0).contains(&comparison.strength));
    }

    #[test]
    fn near_names_never_panic(a in "[a-zA-Z' \\-.,]{0,40}", b in "[a-zA-Z' \\-.,]{0,40}") {
        let comparison = compare(&a, &b);
        prop_assert!((0.0..=1.0).contains(&comparison.strength));
    }

    #[test]
    fn parts_are_plain_and_few(name in any::<String>()) {
        let parts = analysis::parts(&name);
        prop_assert!(parts.len() <= analysis::MOST_PARTS);
        prop_assert!(parts.iter().all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric())));
        prop_assert_eq!(analysis::parts(&parts.join(" ")).len(), parts.len());
    }
}

#[test]
fn searching_never_panics() {
    let world = World::of(&["John Smith", "Mary Ann O'Brien", "Łukasz Żółciński", "J", "van der Berg", "王小明"]);
    let strategy = prop_oneof![any::<String>(), "[a-z' -]{0,60}"];
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(400));
    runner
        .run(&strategy, |name| {
            let hits = world.index.search(&query(&name), &|_| true, &Tail::new());
            if let Ok(hits) = hits {
                prop_assert!(hits.iter().all(|hit| (0.0..=1.0).contains(&hit.strength)));
            }
            Ok(())
        })
        .unwrap();
}
