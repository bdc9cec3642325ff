//! What a search sees: the index as of one commit.

use super::{schema::Fields, segment::SegmentColumns};
use crate::NamesError;
use std::{io, sync::Arc};
use tantivy::{
    DocAddress, InvertedIndexReader, Searcher, SegmentReader, TantivyDocument, index::SegmentId, schema::Value, termdict::TermDictionary,
};
use uuid::Uuid;

/// The index as of one commit; searches under way keep theirs when a newer one takes its place.
pub(crate) struct Snapshot {
    pub(crate) searcher: Searcher,
    pub(crate) fields: Fields,
    pub(crate) segments: Vec<Segment>,
}

/// One segment of a snapshot.
pub(crate) struct Segment {
    id: SegmentId,
    pub(crate) columns: Arc<SegmentColumns>,
    pub(crate) terms: Arc<InvertedIndexReader>,
    pub(crate) sounds: Arc<InvertedIndexReader>,
    pub(crate) incidents: Arc<InvertedIndexReader>,
}

impl Snapshot {
    /// Reads what is new since `before`; segments never change, so the others are shared with it.
    pub(crate) fn new(searcher: Searcher, fields: Fields, before: Option<&Snapshot>) -> Result<Snapshot, NamesError> {
        let known = |id: SegmentId| before?.segments.iter().find(|segment| segment.id == id);
        let mut segments = Vec::new();
        for reader in searcher.segment_readers() {
            let id = reader.segment_id();
            let columns = match known(id) {
                Some(segment) => segment.columns.clone(),
                None => Arc::new(SegmentColumns::open(reader)?),
            };
            segments.push(Segment {
                id,
                columns,
                terms: reader.inverted_index(fields.terms)?,
                sounds: reader.inverted_index(fields.sounds)?,
                incidents: reader.inverted_index(fields.incident)?,
            });
        }
        Ok(Snapshot { searcher, fields, segments })
    }

    pub(crate) fn reader(&self, segment: usize) -> &SegmentReader {
        self.searcher.segment_reader(segment as u32)
    }

    /// The incident, the person and the names as written of a document.
    pub(crate) fn stored(&self, segment: usize, document: u32) -> Result<(Uuid, Option<Uuid>, String), NamesError> {
        let stored: TantivyDocument = self.searcher.doc(DocAddress::new(segment as u32, document))?;
        let ids = stored.get_first(self.fields.ids).and_then(|value| value.as_bytes()).unwrap_or_default();
        let incident = ids.get(..16).and_then(|id| Uuid::from_slice(id).ok());
        let incident = incident.ok_or(NamesError::Damaged("a mention without its incident"))?;
        let person = ids.get(16..32).and_then(|id| Uuid::from_slice(id).ok());
        let written = stored.get_first(self.fields.written).and_then(|value| value.as_str()).unwrap_or_default();
        Ok((incident, person, written.to_owned()))
    }
}

/// Calls `each` for every term from `from` on that begins with `prefix`.
pub(crate) fn each_with_prefix(dictionary: &TermDictionary, prefix: &[u8], mut each: impl FnMut(&[u8])) -> io::Result<()> {
    let mut stream = dictionary.range().ge(prefix).into_stream()?;
    while stream.advance() && stream.key().starts_with(prefix) {
        each(stream.key());
    }
    Ok(())
}
