//! Each way in which names come out different, as a class of its own.

use crate::world::{World, alias, mention, query, recorded};
use names::{Band, Query, RecordedName, Rule, Sex, Tail, compare};

/// People who must not get in front of the one looked for.
const OTHERS: [&str; 14] = [
    "Peter Harrison",
    "Susan Blackwood",
    "Gary Thornton",
    "Ahmed Patel",
    "Jane Doe",
    "Derek Fisher",
    "Paul Young",
    "Olivia Knight",
    "Karen Marsh",
    "Luke Hunter",
    "Michelle Reed",
    "Trevor Bishop",
    "Janet Cole",
    "Simon Wells",
];

/// The recorded name comes first for the name asked, from the index and from the tail alike, and not below `band`.
fn found(class: &str, cases: &[(&str, &str)], band: Band) {
    let mut names: Vec<&str> = OTHERS.to_vec();
    names.extend(cases.iter().map(|(_, recorded)| *recorded));
    names.dedup();
    let world = World::of(&names);
    let empty = World::new();
    let mut tail = Tail::new();
    for (id, name) in (1..).zip(&names) {
        let mention = mention(id, name);
        tail.insert(mention.incident, vec![mention]);
    }
    for (asked, recorded) in cases {
        let hits = world.ask(&query(asked));
        let shown: Vec<(&str, f32)> = hits.iter().map(|hit| (hit.matched_name.as_str(), hit.strength)).collect();
        let best = hits.first().unwrap_or_else(|| panic!("{class}: {asked} finds nobody"));
        assert_eq!(best.matched_name, *recorded, "{class}: {asked} finds {shown:?}");
        assert!(best.band >= band, "{class}: {asked} finds {shown:?}");
        let from_tail = empty.index.search(&query(asked), &|_| true, &tail).unwrap();
        assert_eq!(hits, from_tail, "{class}: {asked}: index and tail differ");
    }
}

#[test]
fn exactly() {
    found("exact", &[("Jane Quartermaine", "Jane Quartermaine"), ("zelda WHEATLEY", "Zelda Wheatley")], Band::Possible);
    // Among a million people there are dozens of these: the name alone does not tell which.
    found("exact and common", &[("John Smith", "John Smith")], Band::Weak);
}

#[test]
fn a_name_tells_less_among_more_people() {
    let world = World::of(&["Jane Quartermaine", "Jane Quartermain", "John Smith"]);
    let among = |people: Option<u32>| world.ask(&Query { people, ..query("Jane Quartermaine") });
    let (few, usual, many) = (among(Some(100_000)), among(None), among(Some(10_000_000)));
    assert_eq!(usual, among(Some(1_000_000)));
    assert!(few.len() == usual.len() && usual.len() == many.len(), "nobody is found more or less");
    for ((few, usual), many) in few.iter().zip(&usual).zip(&many) {
        assert_eq!((few.mention, usual.mention), (usual.mention, many.mention), "nor in another order");
        assert!(few.strength > usual.strength && usual.strength > many.strength, "{few:?} {usual:?} {many:?}");
    }
}

#[test]
fn of_equal_matches_the_latest_comes_first() {
    let mut mentions: Vec<_> = (1..=12).map(|id| mention(id, "Jane Quartermaine")).collect();
    mentions[4].last_day += 1;
    let (world, empty, mut tail) = (World::new(), World::new(), Tail::new());
    for mention in &mentions {
        tail.insert(mention.incident, vec![mention.clone()]);
    }
    world.fill(mentions);
    let asked = query("Jane Quartermaine");
    let of_tail = empty.index.search(&asked, &|_| true, &tail).unwrap();
    for hits in [world.ask(&asked), of_tail] {
        let ids: Vec<u128> = hits.iter().map(|hit| hit.mention.as_u128()).collect();
        assert_eq!(ids, [5, 12, 11, 10, 9, 8, 7, 6, 4, 3], "the latest incident, then what was recorded last");
    }
}

#[test]
fn family_names_are_not_called_by_short_forms() {
    let world = World::of(&["Karen Ashton", "Karen Ashe", "Peter Williams", "William Peters"]);
    assert_eq!(world.names_found("Karen Ash")[..2], ["Karen Ashe", "Karen Ashton"]);
    let hits = world.ask(&query("Bill Peters"));
    assert_eq!(hits[0].matched_name, "William Peters");
    assert!(hits.iter().all(|hit| hit.strength <= hits[0].strength));
}

#[test]
fn two_parts_taken_for_one_word_do_not_count_twice() {
    let world = World::of(&["Sally Durber", "Edward Durber"]);
    let hits = world.ask(&query("Ed Urber"));
    let strength = |name: &str| hits.iter().find(|hit| hit.matched_name == name).map_or(0.0, |hit| hit.strength);
    assert!(strength("Edward Durber") > strength("Sally Durber"), "{hits:?}");
    assert!(hits.iter().all(|hit| hit.band == Band::Weak), "{hits:?}");
}

#[test]
fn typing_errors() {
    let cases = [
        ("Jhon Smith", "John Smith"),
        ("John Smtih", "John Smith"),
        ("Wlliam Carrington", "William Carrington"),
        ("Rebecca Hendersn", "Rebecca Henderson"),
        ("Rebbecca Hendersonn", "Rebecca Henderson"),
        ("Tgomas Wheatley", "Thomas Wheatley"),
        ("Deborah Macintrye", "Deborah Macintyre"),
        ("Ftancis Qyartermaine", "Francis Quartermaine"),
    ];
    found("typing errors", &cases, Band::Weak);
}

#[test]
fn telephone_spelling() {
    let cases = [
        ("Steven Fillips", "Stephen Philips"),
        ("Kathryn Wite", "Catherine White"),
        ("Shivaun Cavanah", "Siobhan Kavanagh"),
        ("Jeffrey Nites", "Geoffrey Knights"),
        ("Rachel Smyth", "Rachael Smith"),
        ("Jon Fenwik", "John Fenwick"),
        ("Neve McCarthey", "Niamh McCarthy"),
    ];
    found("telephone", &cases, Band::Weak);
}

#[test]
fn nicknames_both_ways() {
    let cases = [
        ("Bill Carrington", "William Carrington"),
        ("William Daventry", "Billy Daventry"),
        ("Peggy Ormerod", "Margaret Ormerod"),
        ("Margaret Ashworth", "Maggie Ashworth"),
        ("Liz Fairfax", "Elizabeth Fairfax"),
        ("Bob Winstanley", "Robbie Winstanley"),
        ("Mohammed Aziz", "Muhammad Aziz"),
        ("Hussein Rafiq", "Hussain Rafiq"),
        ("Shaun Gilhooly", "Sean Gilhooly"),
        ("Kasia Nowak", "Katarzyna Nowak"),
    ];
    found("nicknames", &cases, Band::Weak);
}

#[test]
fn written_in_another_alphabet_first() {
    for (region, cases) in [
        (
            "South Asia",
            &[
                ("Muhammed Chaudry", "Mohammad Chaudhry"),
                ("Sukhvinder Sandu", "Sukhwinder Sandhu"),
                ("Lakshmi Krishnan", "Laxmi Krishnan"),
                ("Vikas Agarwal", "Vikash Aggarwal"),
                ("Abdur Rehman", "Abdul Rahman"),
                ("Nazma Begam", "Najma Begum"),
            ][..],
        ),
        (
            "Arabic",
            &[
                ("Yousef Khalid", "Yusuf Khaled"),
                ("Aicha Bensaid", "Aisha Bensaeed"),
                ("Husain al-Sayed", "Hussein El Sayed"),
                ("Abdulaziz Hasan", "Abdel Aziz Hassan"),
                ("Omar Qadir", "Umar Kadir"),
            ],
        ),
        (
            "Slavic",
            &[
                ("Sergei Ivanov", "Sergey Ivanov"),
                ("Yulia Kovalchuk", "Julija Kovalchuk"),
                ("Alexey Tchaikovsky", "Aleksei Chaikovskii"),
                ("Dmitri Shevchenko", "Dmytro Shevchenko"),
                ("Natalya Wasiljewa", "Nataliia Vasilyeva"),
            ],
        ),
        (
            "Poland",
            &[
                ("Jerzy Wojcik", "Jerzy Wójcik"),
                ("Malgorzata Szczepanska", "Małgorzata Szczepańska"),
                ("Anna Kowalski", "Anna Kowalska"),
                ("Krzystof Zielinsky", "Krzysztof Zieliński"),
            ],
        ),
        ("China", &[("Zhang Xiaoming", "Xiao Ming Zhang"), ("Chen Wei", "Wei Chen"), ("Li Na Wang", "Wang Lina"), ("Hsu Mei", "Mei Xu")]),
    ] {
        found(region, cases, Band::Weak);
    }
}

#[test]
fn another_family_name_since() {
    let world = World::of(&OTHERS);
    let mut married = mention(50, "Karen Daventry");
    married.names.push(alias("Karen Winstanley"));
    world.fill(vec![married, mention(51, "Karen Winstanley-Hope")]);
    let found = |name: &str| world.ask(&query(name)).iter().map(|hit| hit.mention.as_u128()).collect::<Vec<_>>();
    assert_eq!(found("Karen Winstanley")[..2], [50, 51], "the name before is recorded, or half of the name now");
    // Where only the new one is recorded the given name alone is left, and the date of birth with it.
    let mut alone = mention(52, "Philippa Ormerod");
    alone.date_of_birth = Some("1984-02-17".parse().unwrap());
    world.fill(vec![alone]);
    let born = Some("1984-02-17".parse().unwrap());
    let hits = world.ask(&Query { date_of_birth: born, ..query("Philippa Quartermaine") });
    assert_eq!((hits[0].mention.as_u128(), hits[0].band), (52, Band::Possible), "{hits:?}");
}

#[test]
fn forms_used_where_the_question_is_asked() {
    let world = World::of(&[&OTHERS[..], &["Gareth Wheatley", "Thomas Smith"]].concat());
    let of = |pairs: &[(&'static str, &'static str)]| std::sync::Arc::new(names::LocalForms::of(pairs.iter().copied()));
    let here = vec![of(&[("Gareth", "Zippo"), ("two words", "Derek")]), of(&[("Smudge", "smith")])];
    let asked = |name: &str| world.ask(&Query { local_forms: here.clone(), ..query(name) });
    for (asked_for, recorded) in [("Zippo Wheatley", "Gareth Wheatley"), ("Tom Smudge", "Thomas Smith")] {
        let hits = asked(asked_for);
        assert_eq!(hits[0].matched_name, recorded);
        assert!(hits[0].reasons.iter().any(|reason| reason.rule == Rule::LocalForm), "{hits:?}");
        assert!(world.ask(&query(asked_for)).first().is_none_or(|elsewhere| elsewhere.strength < hits[0].strength));
    }
    // As common as what it stands for.
    assert!(asked("Tom Smudge")[0].strength < asked("Zippo Wheatley")[0].strength);
    // From the tail alike.
    let (empty, mut tail) = (World::new(), Tail::new());
    tail.insert(uuid::Uuid::from_u128(9), vec![mention(50, "Gareth Wheatley")]);
    let query = Query { local_forms: here.clone(), ..query("Zippo Wheatley") };
    let from_tail = empty.index.search(&query, &|_| true, &tail).unwrap();
    assert_eq!(from_tail[0].reasons, asked("Zippo Wheatley")[0].reasons);
}

#[test]
fn initials() {
    let cases = [("J Wheatley", "Jane Wheatley"), ("Thomas Carrington", "T Carrington"), ("J.R. Hartley", "James Robert Hartley")];
    found("initials", &cases, Band::Weak);
}

#[test]
fn swapped_names() {
    let cases = [("Wheatley Jane", "Jane Wheatley"), ("WHEATON, Janet", "Janet Wheaton"), ("Zhang Wei", "Wei Zhang")];
    found("swapped", &cases, Band::Possible);
}

#[test]
fn missing_and_extra_parts() {
    let cases = [
        ("Thomas Carrington", "Thomas James Carrington"),
        ("Mary Jane Ormerod", "Mary Ormerod"),
        ("Quartermaine", "Francis Quartermaine"),
        ("James Winstanley", "Robert James Winstanley"),
        ("Sarah Featherstone", "Sarah Featherstone Brown"),
    ];
    found("missing and extra", &cases, Band::Weak);
}

#[test]
fn double_barrelled_and_joined() {
    let cases = [
        ("Anna Carrington Jones", "Anna Carrington-Jones"),
        ("Emma Fairfaxormerod", "Emma Fairfax-Ormerod"),
        ("Maryann Daventry", "Mary Ann Daventry"),
        ("Jo Anne Gilhooly", "Joanne Gilhooly"),
        ("Stephanie Ab bes", "Stephanie Abbes"),
        ("Sue Winstanley", "Sue Winstanley-Hope"),
    ];
    found("joined", &cases, Band::Possible);
}

#[test]
fn particles_and_prefixes() {
    let cases = [
        ("Patrick O Brien", "Patrick O'Brien"),
        ("Mary obrien", "Mary O Brien"),
        ("Shane O'Rourke", "Shane ORourke"),
        ("Fiona Mc Donald", "Fiona McDonald"),
        ("Ewan MacLeod", "Ewan McLeod"),
        ("Dirk van der Berg", "Dirk Vanderberg"),
        ("Anna van Dyke", "Anna Vandyke"),
        ("Anton Vandebeek", "Anton van de Beek"),
        ("Tariq Laden", "Tariq bin Laden"),
        ("Chris Featherst", "Chris Featherstone"),
    ];
    found("particles", &cases, Band::Weak);
}

#[test]
fn diacritics_and_titles() {
    let cases = [
        ("Lukasz Zolcinski", "Łukasz Żółciński"),
        ("Renée Müller", "Renee Muller"),
        ("Sean O\u{2019}Casey", "Seán O'Casey"),
        ("Mr John Featherstone", "John Featherstone"),
        ("Margaret Ashworth", "Mrs. Margaret Ashworth"),
        ("Robert Daventry", "Robert Daventry Jnr"),
    ];
    found("diacritics and titles", &cases, Band::Possible);
}

#[test]
fn each_alias_is_matched_on_its_own() {
    let world = World::of(&OTHERS);
    let mut person = mention(50, "Anthony Carrington");
    person.names.push(alias("Tigger Malone"));
    world.fill(vec![person]);
    let hits = world.ask(&query("tigger malone"));
    assert_eq!((hits[0].mention.as_u128(), hits[0].matched_name.as_str()), (50, "Tigger Malone"));
    assert_eq!(hits[0].band, Band::Possible);
    // The given name of one and the family name of the other are nobody's name.
    let mixed = world.ask(&query("Anthony Malone"));
    assert!(mixed.iter().all(|hit| hit.band == Band::Weak), "{mixed:?}");
}

#[test]
fn names_recorded_in_parts() {
    let world = World::of(&OTHERS);
    let mut person = mention(50, "");
    let in_parts = RecordedName { given: Some("Mary Ann".into()), family: Some("Carrington".into()), ..recorded("") };
    person.names = vec![in_parts];
    world.fill(vec![person]);
    let hits = world.ask(&query("Mary Carrington"));
    assert_eq!(hits[0].matched_name, "Mary Ann Carrington");
    assert_eq!(hits[0].band, Band::Possible);
}

#[test]
fn strangers_are_not_strong() {
    let world = World::of(&OTHERS);
    for name in ["Zebedee Quimby", "Peter Quimby", "Gary Harrison", "Xavier Ouspensky"] {
        let hits = world.ask(&query(name));
        assert!(hits.iter().all(|hit| hit.band == Band::Weak), "{name}: {hits:?}");
    }
}

#[test]
fn birth_and_postcode_shift_the_strength() {
    let world = World::new();
    let mut people = Vec::new();
    for (id, born, postcode) in [
        (1, "1987-04-12", "TS18 1AB"),
        (2, "1987-12-04", "TS18 2ZZ"),
        (3, "1987-04-13", "M1 1AA"),
        (4, "1987", "M1 1AA"),
        (5, "1951-08-30", "M1 1AA"),
    ] {
        let mut person = mention(id, "John Carrington");
        person.date_of_birth = Some(born.parse().unwrap());
        person.postcodes = vec![postcode.into()];
        people.push(person);
    }
    world.fill(people);
    let ask = |born: Option<&str>, postcode: Option<&str>| {
        let born = born.map(|born| born.parse().unwrap());
        world.ask(&Query { date_of_birth: born, postcode: postcode.map(Into::into), ..query("Jon Carington") })
    };
    let order = |hits: &[names::Match]| hits.iter().map(|hit| hit.mention.as_u128()).collect::<Vec<_>>();
    let hits = ask(Some("1987-04-12"), None);
    assert_eq!(order(&hits), [1, 2, 3, 4, 5], "graded, and nobody filtered out");
    assert!(hits[0].band == Band::Strong && hits[4].band == Band::Weak, "{hits:?}");
    let rules: Vec<Rule> = hits.iter().filter_map(|hit| hit.reasons.last()).map(|reason| reason.rule).collect();
    let expected = [
        Rule::DateOfBirthExact,
        Rule::DateOfBirthDayMonthSwapped,
        Rule::DateOfBirthOneDigit,
        Rule::DateOfBirthYearOnly,
        Rule::DateOfBirthDiffers,
    ];
    assert_eq!(rules, expected);
    assert_eq!(order(&ask(None, Some("ts181ab")))[..2], [1, 2]);
}

#[test]
fn ages_and_sex_shift_the_strength() {
    let world = World::new();
    let people =
        [(1, Some((28, 32)), Some(Sex::Male)), (2, Some((50, 60)), Some(Sex::Male)), (3, None, Some(Sex::Female)), (4, None, None)];
    let people = people.map(|(id, age_band, sex)| names::Mention { age_band, sex, ..mention(id, "Sam Carrington") });
    world.fill(people.to_vec());
    let mut tail = Tail::new();
    for person in people {
        tail.insert(person.incident, vec![person]);
    }
    let (aged, by_sex) = (Query { date_of_birth: Some("1994".parse().unwrap()), ..query("Sam Carrington") }, query("Sam Carrington"));
    let by_sex = Query { sex: Some(Sex::Male), ..by_sex };
    let empty = World::new();
    for (query, order, rules) in [
        (&aged, [1, 4, 3, 2], [Some(Rule::AgeBandFits), None, None, Some(Rule::AgeBandDiffers)]),
        (&by_sex, [2, 1, 4, 3], [Some(Rule::SexSame), Some(Rule::SexSame), None, Some(Rule::SexDiffers)]),
    ] {
        let hits = world.ask(query);
        assert_eq!(hits.iter().map(|hit| hit.mention.as_u128()).collect::<Vec<_>>(), order, "graded, and nobody filtered out");
        let told = |hit: &names::Match| hit.reasons.iter().map(|reason| reason.rule).find(|rule| rules.contains(&Some(*rule)));
        assert_eq!(hits.iter().map(told).collect::<Vec<_>>(), rules);
        assert_eq!(hits, empty.index.search(query, &|_| true, &tail).unwrap(), "index and tail alike");
    }
}

#[test]
fn roles_and_days_filter() {
    let world = World::new();
    let mut people = Vec::new();
    for (id, roles, first_day, last_day) in [(1, 0b01, 100, 110), (2, 0b10, 200, 200), (3, 0b11, -5, 300)] {
        let mut person = mention(id, "Ann Carrington");
        (person.roles, person.first_day, person.last_day) = (roles, first_day, last_day);
        people.push(person);
    }
    world.fill(people);
    for (roles, from_day, to_day, expected) in [
        (0, None, None, vec![3, 2, 1]),
        (0b10, None, None, vec![3, 2]),
        (0, Some(110), Some(150), vec![3, 1]),
        (0, Some(111), Some(150), vec![3]),
        (0, None, Some(0), vec![3]),
        (0b01, Some(150), None, vec![3]),
    ] {
        let hits = world.ask(&Query { roles, from_day, to_day, ..query("Ann Carrington") });
        let found: Vec<u128> = hits.iter().map(|hit| hit.mention.as_u128()).collect();
        assert_eq!(found, expected, "{roles} {from_day:?} {to_day:?}");
    }
}

#[test]
fn reasons_are_plain_sentences_that_add_up() {
    for (asked, recorded, rule, text) in [
        ("Jon Smith", "John Smith", Rule::Nickname, "Jon is another form of John"),
        ("Mark Fenwik", "Mark Fenwick", Rule::SoundsAlike, "Fenwik sounds like Fenwick"),
        ("J Smith", "John Smith", Rule::Initial, "J is the initial of John"),
        ("John Smitg", "John Smith", Rule::SpellingDistance { edits: 1 }, "Smitg is one letter away from Smith"),
        ("Smith John", "John Smith", Rule::Swapped, "The given and family names are the other way round"),
        ("John Smith", "Smith", Rule::NotFound, "John is not in the recorded name"),
        ("John Smith", "John Paul Smith", Rule::ExtraPart, "The recorded name also has Paul"),
        ("Maryann Smith", "Mary Ann Smith", Rule::Joined, "Maryann is Mary Ann run together"),
    ] {
        let comparison = compare(asked, recorded);
        let reason = comparison.reasons.iter().find(|reason| reason.rule == rule);
        assert_eq!(reason.map(|reason| reason.text.as_str()), Some(text), "{comparison:?}");
    }
    assert_eq!(compare("", "John").strength, 0.0);
    assert_eq!(compare("John Smith", "John Smith").band, Band::Strong);
}
