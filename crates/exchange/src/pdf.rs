//! Text as PDF: pages of plain lines in one of the fonts every reader has. Enough to hand somebody what is held on them.
//! The font knows Western European letters; any other is written by its number, so that nothing is lost unseen.

use std::fmt::Write;

/// Characters on a line, and lines on a page of A4, at 9 points.
const COLUMNS: usize = 90;
const ROWS: usize = 64;

/// One document of lines; a long one is broken at blanks.
pub fn document<'a>(title: &str, lines: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let rows: Vec<String> = lines.into_iter().flat_map(wrapped).collect();
    let mut pages: Vec<&[String]> = rows.chunks(ROWS).collect();
    if pages.is_empty() {
        pages.push(&[]);
    }
    let kids: Vec<String> = (0..pages.len()).map(|at| format!("{} 0 R", 5 + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R /Lang (en-GB) >>".to_owned(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>".to_owned(),
        format!("<< /Title {} >>", string(title)),
    ];
    for (at, page) in pages.iter().enumerate() {
        let mut content = "BT /F1 9 Tf 12 TL 50 792 Td\n".to_owned();
        for row in *page {
            let _ = writeln!(content, "{} Tj T*", string(row));
        }
        content.push_str("ET\n");
        let _ = writeln!(content, "BT /F1 8 Tf 50 16 Td {} Tj ET", string(&format!("page {} of {}", at + 1, pages.len())));
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
            6 + 2 * at
        ));
        objects.push(format!("<< /Length {} >>\nstream\n{content}endstream", content.len()));
    }
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = Vec::with_capacity(objects.len());
    for (at, object) in objects.iter().enumerate() {
        places.push(text.len());
        let _ = writeln!(text, "{} 0 obj\n{object}\nendobj", at + 1);
    }
    let table = text.len();
    let _ = writeln!(text, "xref\n0 {}\n0000000000 65535 f ", objects.len() + 1);
    for place in places {
        let _ = writeln!(text, "{place:010} 00000 n ");
    }
    let _ = write!(text, "trailer\n<< /Size {} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
    text.into_bytes()
}

/// A string of the file, in ASCII: what is not goes by its number in the font's encoding.
fn string(text: &str) -> String {
    let mut written = "(".to_owned();
    for c in text.chars() {
        match (c, in_font(c)) {
            ('(' | ')' | '\\', _) => {
                written.push('\\');
                written.push(c);
            }
            (' '..='~', _) => written.push(c),
            (_, Some(byte)) => {
                let _ = write!(written, "\\{byte:03o}");
            }
            (_, None) => {
                let _ = write!(written, "[U+{:04X}]", u32::from(c));
            }
        }
    }
    written.push(')');
    written
}

/// The number of a character beyond ASCII in the font's encoding (Windows-1252).
fn in_font(c: char) -> Option<u8> {
    Some(match c {
        '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(c)).ok()?,
        '€' => 128,
        '…' => 133,
        'Š' => 138,
        'Œ' => 140,
        'Ž' => 142,
        '‘' => 145,
        '’' => 146,
        '“' => 147,
        '”' => 148,
        '•' => 149,
        '–' => 150,
        '—' => 151,
        'š' => 154,
        'œ' => 156,
        'ž' => 158,
        'Ÿ' => 159,
        _ => return None,
    })
}

/// How wide a character is written.
fn width(c: char) -> usize {
    if c.is_ascii() || in_font(c).is_some() { 1 } else { format!("[U+{:04X}]", u32::from(c)).len() }
}

fn wrapped(text: &str) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.split('\n') {
        let (mut row, mut taken) = (String::new(), 0);
        for word in line.split(' ') {
            let wide: usize = word.chars().map(width).sum();
            if taken > 0 && taken + 1 + wide > COLUMNS {
                rows.push(std::mem::take(&mut row));
                taken = 0;
            }
            if taken > 0 {
                row.push(' ');
                taken += 1;
            }
            for c in word.chars().filter(|c| !c.is_control()) {
                if taken + width(c) > COLUMNS {
                    rows.push(std::mem::take(&mut row));
                    taken = 0;
                }
                row.push(c);
                taken += width(c);
            }
        }
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_where_the_table_says() {
        let long = "word ".repeat(2_000);
        let bytes = document("A (title)", ["Zoë’s “note” \\ (1)", "Łukasz", "", &long]);
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.is_ascii() && text.starts_with("%PDF-1.4\n") && text.ends_with("%%EOF\n"));
        assert!(text.contains(r"(Zo\353\222s \223note\224 \\ \(1\)) Tj") && text.contains("([U+0141]ukasz) Tj"), "{text}");
        let start: usize = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        let table: Vec<&str> = text[start..].lines().collect();
        assert_eq!(table[0], "xref");
        let count: usize = table[1].split(' ').nth(1).unwrap().parse().unwrap();
        for number in 1..count {
            let place: usize = table[2 + number].split(' ').next().unwrap().parse().unwrap();
            assert!(text[place..].starts_with(&format!("{number} 0 obj\n")), "{number}");
        }
        assert!(text.matches("/Type /Page ").count() > 1, "on several pages");
        assert_eq!(text.matches("word").count(), 2_000, "nothing is cut off");
        for (at, _) in text.match_indices("stream\n<") {
            assert_eq!(at, 0, "no stream swallows an object");
        }
    }
}
