//! Exports of the audit ledger, as the offline verifier reads them.

use ledger::{
    Checkpoint, Expect, Frontier, Row, SigningKey, base64,
    export::{FORMAT, Leaf, Line},
    leaf::row_id,
    note::Note,
    verify,
};
use std::sync::OnceLock;

const ORIGIN: &str = "fuzz/ledger";
const TIME: &str = "2026-03-02T12:00:00Z";

/// An export nobody touched, and what is held of it elsewhere.
struct Genuine {
    text: Vec<u8>,
    rows: Vec<Line>,
    expect: Expect,
}

fn row(seq: i64) -> Row {
    Row {
        seq,
        at: TIME.to_owned(),
        officer: row_id(1_000 + seq),
        agency: row_id(5),
        operation: "consultation".to_owned(),
        action: "name.search".to_owned(),
        records: format!("[\"{}\"]", row_id(2_000 + seq)),
        purpose: Some("investigation".to_owned()),
        outcome: "granted".to_owned(),
        purpose_reference: None,
        request_id: format!("request-{seq}"),
        detail: Some("{\"name\":\"Peggy\"}".to_owned()),
        salt: vec![seq as u8; 32],
        payload_commitment: None,
    }
}

fn genuine() -> &'static Genuine {
    static GENUINE: OnceLock<Genuine> = OnceLock::new();
    GENUINE.get_or_init(|| {
        let key = SigningKey::from_seed([1; 32]).expect("a key");
        let mut lines = vec![
            Line::Ledger { format: FORMAT, origin: ORIGIN.to_owned() },
            Line::Key { public_key: base64(&key.public().0), from_size: 0, at: TIME.to_owned(), statement: None },
        ];
        let mut frontier = Frontier::default();
        let mut note = String::new();
        for seqs in [1..=3, 4..=5] {
            let rows: Vec<Row> = seqs.map(row).collect();
            let leaves: Vec<Leaf> = rows.iter().map(|row| Leaf { seq: row.seq, hash: row.leaf().expect("a leaf") }).collect();
            leaves.iter().for_each(|leaf| frontier.push(leaf.hash));
            let (size, root, time) = (frontier.size(), frontier.root(), TIME.parse().expect("a time"));
            note = Checkpoint { origin: ORIGIN.to_owned(), size, root, time }.sign(&key);
            lines.push(Line::Checkpoint { note: note.clone(), leaves: base64(&Leaf::pack(&leaves)) });
            lines.extend(rows.into_iter().map(|row| Line::Row(Box::new(row))));
        }
        lines.push(Line::End);
        let text: String = lines.iter().map(|line| serde_json::to_string(line).expect("JSON") + "\n").collect();
        let expect = Expect { held: vec![Note::parse(&note).expect("a note")], trusted: Some(key.public()) };
        assert!(verify(text.as_bytes(), &expect).is_ok());
        Genuine { rows: rows_of(text.as_bytes()), text: text.into_bytes(), expect }
    })
}

/// What the rows of an export say: an id may be written in capitals.
fn rows_of(export: &[u8]) -> Vec<Line> {
    let lines = export.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    lines.filter(|line| matches!(line, Line::Row(_))).collect()
}

/// Anything as an export; and the genuine one with bytes changed, taken out or put in, four bytes of input a change.
///
/// # Panics
/// When an export whose rows are not the genuine ones passes.
pub fn audit_verifier(data: &[u8]) {
    let _ = verify(data, &Expect::default());
    let genuine = genuine();
    if verify(data, &genuine.expect).is_ok() {
        assert_eq!(rows_of(data), genuine.rows, "other rows pass");
    }
    let mut changed = genuine.text.clone();
    for change in data.chunks_exact(4).take(16) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % changed.len();
        match change[2] % 4 {
            0 => changed[at] = change[3],
            1 => changed.insert(at, change[3]),
            2 => drop(changed.remove(at)),
            // A stretch taken from here and put in elsewhere.
            _ => {
                let stretch: Vec<u8> = changed[at..].iter().take(usize::from(change[3])).copied().collect();
                let to = (at * 31 + 7) % changed.len();
                changed.splice(to..to, stretch);
            }
        }
        if changed.is_empty() {
            return;
        }
    }
    if verify(changed.as_slice(), &genuine.expect).is_ok() {
        assert_eq!(rows_of(&changed), genuine.rows, "rows that were changed pass");
    }
}
