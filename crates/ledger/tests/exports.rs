//! Exports: whole ones pass, and whatever is done to one is found where it was done.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

mod common;

use common::{Book, key};
use ledger::{Expect, PublicKey, SigningKey, leaf::row_id, note::Note, verify, verify::Wrong};
use proptest::prelude::*;

fn check(text: &str, expect: &Expect) -> Result<ledger::Report, (Wrong, u64)> {
    verify(text.as_bytes(), expect).map_err(|finding| (finding.wrong, finding.position))
}

fn held(book: &Book, checkpoint: usize) -> Expect {
    Expect { held: vec![Note::parse(&book.notes()[checkpoint]).unwrap()], trusted: Some(key(1).public()) }
}

#[test]
fn a_whole_export_passes_with_its_counts() {
    let book = Book::of(&[5, 1, 7], 2);
    let report = check(&book.text(), &held(&book, 1)).unwrap();
    assert_eq!((report.rows, report.checkpoints, report.unsealed, report.held, report.keys), (13, 3, 2, 1, 1));
    assert_eq!(report.warnings, [] as [String; 0]);
    assert!(report.to_string().starts_with("OK: 13 rows under 3 checkpoints of test/ledger\n"));
}

#[test]
fn every_column_counts() {
    let changes: [fn(&mut ledger::Row); 16] = [
        |row| row.at = "2026-03-02T12:00:00.000001Z".to_owned(),
        |row| row.officer = row_id(1),
        |row| row.agency = row_id(1),
        |row| row.operation = "erasure".to_owned(),
        |row| row.action = "incident.list".to_owned(),
        |row| row.records = "[]".to_owned(),
        |row| row.purpose = None,
        |row| row.purpose = Some(String::new()),
        |row| row.purpose_reference = None,
        |row| row.purpose_reference = Some("another".to_owned()),
        |row| row.outcome = "denied".to_owned(),
        |row| row.request_id.clear(),
        |row| row.detail = Some("{}".to_owned()),
        |row| row.salt[0] ^= 1,
        |row| row.salt[31] ^= 1,
        |row| row.payload_commitment = row.commitment().map(|commitment| commitment.to_vec()),
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut book = Book::of(&[4, 4], 0);
        change(&mut book.parts[1].rows[2]);
        assert_eq!(check(&book.text(), &Expect::default()), Err((Wrong::Mutated, 6)), "change {number}");
    }
}

#[test]
fn rows_taken_out_put_in_or_moved_are_named() {
    let with = |change: fn(&mut Book)| {
        let mut book = Book::of(&[4, 4], 1);
        change(&mut book);
        check(&book.text(), &Expect::default())
    };
    assert_eq!(with(|book| drop(book.parts[0].rows.remove(1))), Err((Wrong::Deleted, 1)));
    assert_eq!(with(|book| drop(book.parts[1].rows.pop())), Err((Wrong::Deleted, 7)));
    assert_eq!(with(|book| book.parts[0].rows.swap(1, 3)), Err((Wrong::Reordered, 1)));
    assert_eq!(with(|book| book.parts[1].rows.insert(2, Book::row(99))), Err((Wrong::Inserted, 6)));
    assert_eq!(with(|book| book.parts[1].rows.push(Book::row(99))), Err((Wrong::Inserted, 8)));
    assert_eq!(with(|book| book.strays.push(Book::row(99))), Err((Wrong::Inserted, 8)));
    // Two rows of one checkpoint change their numbers.
    let swapped = with(|book| {
        let rows = &mut book.parts[1].rows;
        (rows[1].seq, rows[2].seq) = (rows[2].seq, rows[1].seq);
        rows.swap(1, 2);
    });
    assert_eq!(swapped, Err((Wrong::Reordered, 5)));
    // The leaves are rewritten with the row; the root is not.
    let rewritten = with(|book| {
        book.parts[1].rows[2].outcome = "denied".to_owned();
        book.parts[1].leaves[2].hash = book.parts[1].rows[2].leaf().unwrap();
    });
    assert_eq!(rewritten, Err((Wrong::Root, 4)));
    assert_eq!(with(|book| book.parts[1].leaves.swap(0, 1)), Err((Wrong::Reordered, 4)));
    let again = with(|book| {
        let (row, leaf) = (book.parts[0].rows[0].clone(), book.parts[0].leaves[0]);
        book.parts[1].rows.push(row);
        book.parts[1].leaves.push(leaf);
    });
    assert_eq!(again, Err((Wrong::SealedTwice, 8)));
}

#[test]
fn a_forger_without_the_key_is_found() {
    // Everything from the second checkpoint on is made anew and signed with another key.
    let mut book = Book::of(&[4, 4], 0);
    let whole = held(&book, 1);
    book.parts[1].rows[0].outcome = "denied".to_owned();
    book.seal_anew(1, &key(2));
    assert_eq!(check(&book.text(), &Expect::default()), Err((Wrong::Signature, 4)));
    // The forger also claims that the key was replaced: told loudly, and refused beside anything held elsewhere.
    book.keys.push((key(2).public(), 4, None));
    let report = check(&book.text(), &Expect::default()).unwrap();
    assert!(report.warnings[0].contains("NOT handed over"), "{report}");
    assert_eq!(check(&book.text(), &whole), Err((Wrong::NotTheHeld, 4)));
    let trusting = Expect { held: Vec::new(), trusted: whole.trusted };
    assert_eq!(check(&book.text(), &trusting), Err((Wrong::Key, 4)));
    // Or that it never was another.
    book.keys = vec![(key(2).public(), 0, None)];
    book.seal_anew(0, &key(2));
    check(&book.text(), &Expect::default()).unwrap();
    assert_eq!(check(&book.text(), &trusting), Err((Wrong::Key, 0)));
    // The last checkpoints are taken away: an older copy.
    let mut book = Book::of(&[4, 4], 0);
    book.parts.pop();
    check(&book.text(), &Expect::default()).unwrap();
    assert_eq!(check(&book.text(), &whole), Err((Wrong::Older, 4)));
}

#[test]
fn a_key_handed_over_by_the_old_one_is_followed() {
    let mut book = Book::of(&[4, 4], 0);
    let whole = held(&book, 0);
    book.rotate(4, &key(1), &key(2));
    book.seal_anew(1, &key(2));
    let report = check(&book.text(), &whole).unwrap();
    assert_eq!((report.keys, report.warnings.len()), (2, 0));
    // The old key signs no more, and nobody else can hand over.
    book.seal_anew(1, &key(1));
    assert_eq!(check(&book.text(), &whole), Err((Wrong::Signature, 4)));
    let mut book = Book::of(&[4, 4], 0);
    book.rotate(4, &key(3), &key(2));
    book.seal_anew(1, &key(2));
    assert_eq!(check(&book.text(), &whole), Err((Wrong::Key, 0)));
}

#[test]
fn an_erased_payload_needs_its_sealed_entry() {
    let erase = |book: &mut Book| book.parts[0].rows[2] = book.parts[0].rows[2].erased().unwrap();
    let mut book = Book::of(&[4, 4], 0);
    erase(&mut book);
    assert_eq!(check(&book.text(), &Expect::default()), Err((Wrong::ErasedWithoutEntry, 2)));
    // What is put in the place of the payload is seen.
    book.parts[0].rows[2].detail = Some("{}".to_owned());
    assert_eq!(check(&book.text(), &Expect::default()), Err((Wrong::Mutated, 2)));
    let mut book = Book::of(&[4, 4], 0);
    let seq = book.parts[0].rows[2].seq;
    book.parts[1].rows[1].action = ledger::leaf::ERASES.to_owned();
    book.parts[1].rows[1].records = format!("[\"{}\"]", row_id(seq));
    book.seal_anew(0, &key(1));
    erase(&mut book);
    let report = check(&book.text(), &Expect::default()).unwrap();
    assert_eq!((report.erased, report.warnings.len()), (1, 0));
    // The entry's own payload is never erased.
    book.parts[1].rows[1] = book.parts[1].rows[1].erased().unwrap();
    assert_eq!(check(&book.text(), &Expect::default()), Err((Wrong::ErasedWithoutEntry, 5)));
}

#[test]
fn rows_added_afterwards_under_an_old_time_are_told() {
    let mut book = Book::of(&[4, 4], 0);
    book.parts[1].rows[1].at = "2026-03-01T12:00:00.000000Z".to_owned();
    book.seal_anew(1, &key(1));
    let report = check(&book.text(), &Expect::default()).unwrap();
    assert!(report.warnings[0].contains("1 rows are more than ten minutes older"), "{report}");
}

#[test]
fn keys_survive_their_files_and_notes_their_tools() {
    let key = SigningKey::from_seed([7; 32]).unwrap();
    assert_eq!(SigningKey::from_pem(&key.to_pem()).unwrap().public(), key.public());
    assert!(!format!("{key:?}").contains(&ledger::base64(&[7; 32])));
    let text = key.public().to_text("test/ledger");
    assert_eq!(PublicKey::from_text(&text), Some(key.public()));
    assert_eq!(PublicKey::from_text(&text.replace("ledger", "other")), None);
    // The example of golang.org/x/mod/sumdb/note.
    let peter = PublicKey::from_text("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").unwrap();
    let note = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
    assert!(Note::parse(note).unwrap().is_signed_by("PeterNeumann", &peter));
    assert!(!Note::parse(&note.replace("answer", "cause")).unwrap().is_signed_by("PeterNeumann", &peter));
    assert_eq!(Note::parse_all(&format!("{note}{note}")).unwrap().len(), 2);
    assert_eq!(Note::parse_all(&format!("{note}\n{note}\n")).unwrap().len(), 2, "with empty lines between, as they are kept elsewhere");
    assert_eq!(Note::parse_all(&format!("{note}{}", &note[..40])), None, "one that is torn is not passed over");
}

proptest! {
    /// Whatever is done to the file: an answer, and never that all is well where a sealed row is another.
    #[test]
    fn any_byte_changed_is_survived(at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let book = Book::of(&[3, 2], 1);
        let text = book.text();
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let changed = bytes != text.as_bytes();
        let sealed = at < text.find("\"unsealed\"").unwrap();
        let verified = verify(&bytes[..], &held(&book, 1));
        // When the first key was entered is told by nothing but the file: no key was there to sign it.
        let entered = text.find("\"at\":\"").unwrap();
        let unsigned = (entered..entered + 40).contains(&at);
        if changed && sealed && !unsigned {
            // Only white space, and the case of hexadecimal digits and ids, may differ.
            let kept = String::from_utf8_lossy(&bytes).to_lowercase();
            prop_assert!(verified.is_err() || kept.len() != text.len() || kept == text.to_lowercase(), "{}", at);
        }
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..400), cut in any::<prop::sample::Index>()) {
        prop_assert!(verify(&bytes[..], &Expect::default()).is_err());
        let text = Book::of(&[3, 2], 1).text();
        let mut whole = text.into_bytes();
        whole.truncate(cut.index(whole.len()));
        prop_assert!(verify(&whole[..], &Expect::default()).is_err());
    }
}
