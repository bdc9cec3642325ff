//! An export put together by hand.

use ledger::{
    Checkpoint, Frontier, PublicKey, Rotation, Row, SigningKey, base64,
    export::{FORMAT, Leaf, Line},
    leaf::row_id,
};

const ORIGIN: &str = "test/ledger";

pub(crate) struct Part {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) rows: Vec<Row>,
    note: String,
}

pub(crate) struct Book {
    pub(crate) keys: Vec<(PublicKey, u64, Option<String>)>,
    pub(crate) parts: Vec<Part>,
    pub(crate) strays: Vec<Row>,
    unsealed: Vec<Row>,
}

pub(crate) fn key(number: u8) -> SigningKey {
    SigningKey::from_seed([number; 32]).unwrap()
}

fn time() -> model::Timestamp {
    "2026-03-02T12:00:00Z".parse().unwrap()
}

impl Book {
    pub(crate) fn row(seq: i64) -> Row {
        Row {
            seq,
            at: time().to_string(),
            officer: row_id(1_000 + seq),
            agency: row_id(5),
            operation: "consultation".to_owned(),
            action: "name.search".to_owned(),
            records: format!("[\"{}\"]", row_id(2_000 + seq)),
            purpose: Some("investigation".to_owned()),
            outcome: "granted".to_owned(),
            purpose_reference: Some("LOG 42/2026".to_owned()),
            request_id: format!("request-{seq}"),
            detail: Some("{\"name\":\"Peggy\"}".to_owned()),
            salt: vec![u8::try_from(seq).unwrap(); 32],
            payload_commitment: None,
        }
    }

    /// Checkpoints of so many rows each, and rows after them.
    pub(crate) fn of(sizes: &[usize], unsealed: usize) -> Self {
        let mut seqs = 1..;
        let mut rows = |count: usize| seqs.by_ref().take(count).map(Self::row).collect::<Vec<_>>();
        let parts = sizes.iter().map(|size| Part { leaves: Vec::new(), rows: rows(*size), note: String::new() }).collect();
        let mut book = Self { keys: vec![(key(1).public(), 0, None)], parts, strays: Vec::new(), unsealed: rows(unsealed) };
        book.seal_anew(0, &key(1));
        book
    }

    /// Makes leaves and notes anew from a checkpoint on.
    pub(crate) fn seal_anew(&mut self, from: usize, key: &SigningKey) {
        let mut frontier = Frontier::default();
        for (number, part) in self.parts.iter_mut().enumerate() {
            if number >= from {
                part.leaves = part.rows.iter().map(|row| Leaf { seq: row.seq, hash: row.leaf().unwrap() }).collect();
            }
            part.leaves.iter().for_each(|leaf| frontier.push(leaf.hash));
            if number >= from {
                let (size, root) = (frontier.size(), frontier.root());
                part.note = Checkpoint { origin: ORIGIN.to_owned(), size, root, time: time() }.sign(key);
            }
        }
    }

    /// From `size` on another key signs, by a statement that `by` has signed.
    pub(crate) fn rotate(&mut self, size: u64, by: &SigningKey, to: &SigningKey) {
        let rotation = Rotation { origin: ORIGIN.to_owned(), size, key: to.public(), time: time() };
        self.keys.push((to.public(), size, Some(rotation.sign(by))));
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.note.clone()).collect()
    }

    /// The file.
    pub(crate) fn text(&self) -> String {
        let mut lines = vec![Line::Ledger { format: FORMAT, origin: ORIGIN.to_owned() }];
        lines.extend(self.keys.iter().map(|(key, from_size, statement)| Line::Key {
            public_key: base64(&key.0),
            from_size: *from_size,
            at: time().to_string(),
            statement: statement.clone(),
        }));
        for part in &self.parts {
            lines.push(Line::Checkpoint { note: part.note.clone(), leaves: base64(&Leaf::pack(&part.leaves)) });
            lines.extend(part.rows.iter().map(|row| Line::Row(Box::new(row.clone()))));
        }
        let unsealed = |under| move |row: &Row| Line::Unsealed { under, row: Box::new(row.clone()) };
        lines.extend(self.strays.iter().map(unsealed(true)));
        lines.extend(self.unsealed.iter().map(unsealed(false)));
        lines.push(Line::End);
        lines.iter().map(|line| serde_json::to_string(line).unwrap() + "\n").collect()
    }
}
