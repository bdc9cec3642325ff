//! The reading half of an import: rows into checked records, a batch at a time, rejects into their file.

use super::{ImportFile, ImportKind, reconcile::FlareRead, reject};
use crate::{Service, ServiceError};
use exchange::{
    FileError, Reject, Row, Summary, boundaries, flare,
    incidents::{CsvIncident, CsvReader, ExportLine, JsonLinesReader},
    police_uk::{self, PoliceUkRow},
    postcodes, rejects,
};
use model::{Agency, Incident, NewIncident, Uuid, audit::Request, involvement::ExtractionRule};
use std::{
    collections::{BTreeMap, HashMap},
    io::Write,
    sync::{Arc, Mutex, PoisonError, atomic::Ordering::Relaxed},
};
use store::incidents::Written;
use tokio::sync::mpsc::Sender;

/// Rows in one batch, and so in one transaction: others who write wait for as long as it takes, about 0.2 s.
const BATCH: usize = 4_000;
/// The same for lines of an export, each of which takes several statements.
const LINES: usize = 250;

/// A new incident: written out, or as it is where a label of it is new.
pub(super) type Incoming = Result<Written, Incident>;

fn incident(incoming: &Incoming) -> &Incident {
    incoming.as_ref().map_or_else(|incident| incident, |written| &written.incident)
}

/// Records ready to be kept, with the numbers of their rows.
#[derive(Debug, Clone)]
pub(crate) enum Batch {
    /// New incidents.
    Incidents(Vec<(u64, Incoming)>),
    /// Postcodes.
    Postcodes(Vec<postcodes::PostcodePoint>),
    /// Anything of an export, in order.
    Lines(Vec<(u64, ExportLine)>),
}

impl Batch {
    /// Whether anything in it may have the id of something else that is kept. An incident's own id is no clash: it is
    /// there already.
    pub(super) fn may_clash(&self) -> bool {
        match self {
            Self::Incidents(all) => all.iter().any(|(_, one)| !incident(one).involvements.is_empty()),
            Self::Postcodes(_) => false,
            Self::Lines(_) => true,
        }
    }

    /// Each row as a batch of its own.
    pub(super) fn singly(self) -> Vec<(u64, Self)> {
        match self {
            Self::Incidents(all) => all.into_iter().map(|one| (one.0, Self::Incidents(vec![one]))).collect(),
            Self::Postcodes(all) => vec![(0, Self::Postcodes(all))],
            Self::Lines(all) => all.into_iter().map(|one| (one.0, Self::Lines(vec![one]))).collect(),
        }
    }
}

/// The rejects file, told by the reading half and by the writing half.
pub(super) type Rejects = Arc<Mutex<rejects::Writer<Box<dyn Write + Send>>>>;

struct Reading<'a> {
    service: &'a Service,
    request: &'a Request,
    rejects: Rejects,
    summary: Summary,
    progress: super::Progress,
    batches: &'a Sender<Batch>,
    incidents: Vec<(u64, Incoming)>,
    /// The rows rejected, by the first thing wrong with them.
    reasons: BTreeMap<&'static str, u64>,
    flare: Option<FlareRead>,
}

/// What came of reading a file.
pub(crate) struct Outcome {
    /// What was counted.
    pub(super) summary: Summary,
    /// Why it stopped short of the end, if so.
    pub(super) stopped: Option<String>,
    /// The rows rejected, by the first thing wrong with them.
    pub(super) reasons: BTreeMap<&'static str, u64>,
    /// What was read of an export of FLARE.
    pub(super) flare: Option<FlareRead>,
}

/// Reads a file to its end, or to where it cannot be read further.
pub(crate) fn file(
    service: &Service,
    request: &Request,
    agencies: &[Agency],
    file: ImportFile,
    rejects: Rejects,
    batches: &Sender<Batch>,
) -> Result<Outcome, ServiceError> {
    let mut reading = Reading {
        service,
        request,
        rejects,
        summary: Summary::default(),
        progress: file.progress.clone(),
        batches,
        incidents: Vec::new(),
        reasons: BTreeMap::new(),
        flare: None,
    };
    let name = file.name.to_ascii_lowercase();
    let done = match file.kind {
        ImportKind::PoliceUk => reading.police_uk(file.reader),
        ImportKind::Postcodes => reading.postcodes(file.reader),
        ImportKind::Boundaries => reading.boundaries(file.reader, file.area_kind),
        ImportKind::Incidents if name.contains(".csv") => reading.csv(file.reader, agencies),
        ImportKind::Incidents => reading.json_lines(file.reader, agencies),
        ImportKind::Flare => reading.flare(file.reader, file.mapping),
    };
    let sent = reading.send_incidents();
    let stopped = match (done, sent) {
        (Err(Stop::Failed(error)), _) | (_, Err(Stop::Failed(error))) => return Err(error),
        (Err(Stop::File(error)), _) | (_, Err(Stop::File(error))) => Some(error.detail),
        _ => None,
    };
    Ok(Outcome { summary: reading.summary, stopped, reasons: reading.reasons, flare: reading.flare })
}

/// Why reading ends before the file does.
enum Stop {
    File(FileError),
    Failed(ServiceError),
    /// The writing half has failed and says why itself.
    Closed,
}

impl From<FileError> for Stop {
    fn from(error: FileError) -> Self {
        Self::File(error)
    }
}

type Source = Box<dyn std::io::Read + Send>;

impl Reading<'_> {
    fn send(&self, batch: Batch) -> Result<(), Stop> {
        self.progress.0.0.store(self.summary.rows, Relaxed);
        self.batches.blocking_send(batch).map_err(|_| Stop::Closed)
    }

    fn send_incidents(&mut self) -> Result<(), Stop> {
        if self.incidents.is_empty() {
            return Ok(());
        }
        let batch = std::mem::take(&mut self.incidents);
        self.send(Batch::Incidents(batch))
    }

    fn refuse(&mut self, problems: &[Reject]) -> Result<(), Stop> {
        Ok(self.rejects.lock().unwrap_or_else(PoisonError::into_inner).write(problems)?)
    }

    /// Checks a new incident and adds it to the batch. Gives the problems of one that is refused.
    fn settle(&mut self, row: u64, new: NewIncident) -> Result<Result<(), Vec<model::Problem>>, Stop> {
        let incident = match new.settle(&self.request.actor, self.request.at) {
            Ok(incident) => incident,
            Err(problems) => return Ok(Err(problems)),
        };
        let written = self.service.written_now(incident, self.request).map_err(Stop::Failed)?;
        self.incidents.push((row, written));
        if self.incidents.len() >= BATCH {
            self.send_incidents()?;
        }
        Ok(Ok(()))
    }

    fn police_uk(&mut self, source: Source) -> Result<(), Stop> {
        for row in police_uk::Reader::new(source)? {
            match row? {
                Row::Ok { row, value } => {
                    let PoliceUkRow { incident, without_coordinates, northern_ireland } = value;
                    let taken = self.settle(row, incident)?;
                    if taken.is_ok() {
                        self.summary.note_point(without_coordinates, northern_ireland);
                    }
                    self.take(row, taken.map_err(|problems| Reject::of_problems(row, &problems, police_uk::column_of)))?;
                }
                Row::Reject { row, problems } => self.take(row, Err(problems))?,
                Row::Skip { row } => self.summary.note::<()>(&Row::Skip { row }),
            }
        }
        Ok(())
    }

    fn postcodes(&mut self, source: Source) -> Result<(), Stop> {
        let mut batch = Vec::with_capacity(BATCH);
        for row in postcodes::Reader::new(source)? {
            let row = row?;
            self.summary.note(&row);
            match row {
                Row::Ok { value, .. } => batch.push(value),
                Row::Reject { problems, .. } => self.refuse(&problems)?,
                Row::Skip { .. } => {}
            }
            if batch.len() >= BATCH {
                self.send(Batch::Postcodes(std::mem::take(&mut batch)))?;
            }
        }
        self.send(Batch::Postcodes(batch))
    }

    fn boundaries(&mut self, source: Source, kind: Option<String>) -> Result<(), Stop> {
        let options = boundaries::AreaOptions { kind, ..Default::default() };
        let mut batch = Vec::new();
        for row in boundaries::Reader::new(source, options)? {
            let row = row?;
            self.summary.note(&row);
            match row {
                Row::Ok { row, value } => batch.push((row, ExportLine::Area(value))),
                Row::Reject { problems, .. } => self.refuse(&problems)?,
                Row::Skip { .. } => {}
            }
            if batch.len() >= 100 {
                self.send(Batch::Lines(std::mem::take(&mut batch)))?;
            }
        }
        self.send(Batch::Lines(batch))
    }

    fn csv(&mut self, source: Source, agencies: &[Agency]) -> Result<(), Stop> {
        let known = by_name(agencies);
        for row in CsvReader::new(source)? {
            match row? {
                Row::Ok { row: number, value } => {
                    let people = value.people.clone();
                    let problems = match owner(value.incident, value.owning_agency_name.as_deref(), &known, agencies) {
                        Some(new) => self.settle(number, new)?.map_err(|problems| CsvIncident::rejects(number, &problems, &people)),
                        None => Err(vec![unknown_owner(number)]),
                    };
                    self.take(number, problems)?;
                }
                Row::Reject { row: number, problems } => self.take(number, Err(problems))?,
                Row::Skip { row } => self.summary.note::<()>(&Row::Skip { row }),
            }
        }
        Ok(())
    }

    fn json_lines(&mut self, source: Source, agencies: &[Agency]) -> Result<(), Stop> {
        let known = by_name(agencies);
        let mut batch = Vec::new();
        for row in JsonLinesReader::new(source, self.request.at)? {
            match row? {
                Row::Ok { row: number, value: ExportLine::NewIncident(line) } => {
                    let problems = match owner(line.incident, line.owning_agency_name.as_deref(), &known, agencies) {
                        Some(new) => self.settle(number, new)?.map_err(|problems| Reject::of_problems(number, &problems, str::to_owned)),
                        None => Err(vec![unknown_owner(number)]),
                    };
                    self.take(number, problems)?;
                }
                Row::Ok { row: number, value } => {
                    batch.push((number, value));
                    self.take(number, Ok(()))?;
                    if batch.len() >= LINES {
                        self.send(Batch::Lines(std::mem::take(&mut batch)))?;
                    }
                }
                Row::Reject { row: number, problems } => self.take(number, Err(problems))?,
                Row::Skip { row } => self.summary.note::<()>(&Row::Skip { row }),
            }
        }
        self.send(Batch::Lines(batch))
    }

    fn flare(&mut self, source: Source, mapping: flare::Mapping) -> Result<(), Stop> {
        let mut read = FlareRead::default();
        for row in flare::Reader::new(source, mapping.clone(), self.request.actor.agency)? {
            match row? {
                Row::Ok { row, value } => {
                    let (category, year) = (value.category.clone(), value.year);
                    let text = value.incident.narrative.clone().unwrap_or_default();
                    let people: Vec<_> = names::people_named_in(&text).into_iter().map(|found| (found.name, found.rule)).collect();
                    let rules: Vec<ExtractionRule> = people.iter().map(|(_, rule)| *rule).collect();
                    let incident = value.with_people(people);
                    let id = incident.id.unwrap_or_default();
                    let taken = self.settle(row, incident)?;
                    if taken.is_ok() {
                        read.rows.push((id, category, year));
                        for rule in rules {
                            *read.names.entry(rule).or_default() += 1;
                        }
                    }
                    self.take(row, taken.map_err(|problems| Reject::of_problems(row, &problems, |pointer| mapping.column_of(pointer))))?;
                }
                Row::Reject { row, problems } => self.take(row, Err(problems))?,
                Row::Skip { row } => self.summary.note::<()>(&Row::Skip { row }),
            }
        }
        self.flare = Some(read);
        Ok(())
    }

    fn take(&mut self, row: u64, taken: Result<(), Vec<Reject>>) -> Result<(), Stop> {
        match taken {
            Ok(()) => self.summary.note(&Row::Ok { row, value: () }),
            Err(problems) => {
                self.refuse(&problems)?;
                *self.reasons.entry(problems.first().map_or("", |first| first.code)).or_default() += 1;
                self.summary.note::<()>(&Row::Reject { row, problems });
            }
        }
        Ok(())
    }
}

fn by_name(agencies: &[Agency]) -> HashMap<String, Uuid> {
    agencies.iter().map(|agency| (store::agencies::name_key(&agency.name), agency.id)).collect()
}

/// The incident with its owner's id, or nothing when there is no such agency.
fn owner(mut new: NewIncident, name: Option<&str>, known: &HashMap<String, Uuid>, agencies: &[Agency]) -> Option<NewIncident> {
    if let Some(name) = name {
        new.owning_agency = Some(*known.get(&store::agencies::name_key(name))?);
    }
    let exists = new.owning_agency.is_none_or(|id| agencies.iter().any(|agency| agency.id == id));
    exists.then_some(new)
}

fn unknown_owner(row: u64) -> Reject {
    reject(row, "owning_agency", "unknown", "is not an agency here: enter it first with beacon agency add")
}
