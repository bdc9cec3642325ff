//! `beacon import`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use service::{
    Service,
    imports::{Figures, ImportFile, ImportKind, ImportView, Progress, Reconciliation},
};
use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// police-uk (street CSV of data.police.uk), postcodes (Code-Point Open), boundaries (GeoJSON), incidents (CSV or JSON Lines),
    /// flare (an export of FLARE: docs/import-formats.md has its columns).
    kind: ImportKind,
    /// The files, plain or gzipped.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The officer who imports, by name or id: records belong to their agency.
    #[arg(long, conflicts_with = "server")]
    officer: Option<String>,
    /// Through a server instead of straight into the database.
    #[arg(long, requires = "token")]
    server: Option<String>,
    /// The API token for the server.
    #[arg(long)]
    token: Option<String>,
    /// Where rejected rows are told; FILE.rejects.csv in the current folder unless given.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    /// For flare: a TOML file that says which column is which, and which word which category.
    #[arg(long, value_name = "FILE", conflicts_with = "server")]
    mapping: Option<PathBuf>,
    /// For flare: where the reconciliation report is written as JSON, besides being told.
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// What the areas are, for boundaries that do not say: ward, lsoa, district …
    #[arg(long)]
    area_kind: Option<String>,
}

/// Exit code when every file was read and some rows were rejected.
const SOME_REJECTED: u8 = 2;

pub(crate) async fn run(settings: &Settings, arguments: Arguments) -> Result<ExitCode, Failure> {
    let service = match arguments.server {
        Some(_) => None,
        None => Some(console::open(settings, false).await?),
    };
    let mut total = Figures::default();
    let (mut stopped, mut unequal) = (false, false);
    for path in &arguments.files {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let rejects = arguments.rejects.clone().unwrap_or_else(|| PathBuf::from(format!("{name}.rejects.csv")));
        let view = match &service {
            Some(service) => direct(service, &arguments, path, &name, &rejects).await?,
            None => through_server(&arguments, path, &name, &rejects)?,
        };
        let figures = view.figures;
        println!("{name}: {}", told(&figures));
        if let Some(account) = &figures.reconciliation {
            print!("{}", reconciled(account));
            unequal |= !account.equal;
            if let Some(report) = &arguments.report {
                std::fs::write(report, serde_json::to_string_pretty(account)? + "\n")?;
            }
        }
        if figures.rejected > 0 {
            println!("  rejected rows: {}", rejects.display());
        } else if rejects.exists() {
            // Only the header: nothing was rejected.
            std::fs::remove_file(&rejects)?;
        }
        if let Some(reason) = &figures.stopped {
            eprintln!("beacon: {name}: {reason}");
            stopped = true;
        }
        add(&mut total, &figures);
    }
    if arguments.files.len() > 1 {
        println!("all files: {}", told(&total));
    }
    if let Some(service) = service {
        service.stop().await;
    }
    Ok(match (stopped || unequal, total.rejected) {
        (true, _) => ExitCode::FAILURE,
        (false, 0) => ExitCode::SUCCESS,
        (false, _) => ExitCode::from(SOME_REJECTED),
    })
}

async fn direct(service: &Service, arguments: &Arguments, path: &Path, name: &str, rejects: &Path) -> Result<ImportView, Failure> {
    let request = console::request(service, arguments.officer.as_deref()).await?;
    let file = open(path)?;
    let size = file.metadata()?.len();
    let progress = Progress::default();
    let bar = bar(size, name, progress.clone());
    let import = ImportFile {
        kind: arguments.kind,
        name: name.to_owned(),
        reader: Box::new(file),
        rejects: Box::new(std::io::BufWriter::new(File::create(rejects)?)),
        mapping: mapping(arguments)?,
        area_kind: arguments.area_kind.clone(),
        progress,
    };
    let done = service.import(&request, import).await;
    bar.abort();
    Ok(done?)
}

/// The mapping file, read.
fn mapping(arguments: &Arguments) -> Result<service::imports::FlareMapping, Failure> {
    let Some(path) = &arguments.mapping else { return Ok(service::imports::FlareMapping::default()) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::new(format!("{} cannot be read ({error})", path.display())))?;
    let mapping: service::imports::FlareMapping =
        toml::from_str(&text).map_err(|error| Failure::new(format!("{}: {}", path.display(), error.message())))?;
    match mapping.problems().first() {
        Some(problem) => Err(Failure::new(format!("{}: {problem}", path.display()))),
        None => Ok(mapping),
    }
}

/// The account of a migration, as a table.
fn reconciled(account: &Reconciliation) -> String {
    let list = |counts: &BTreeMap<String, u64>| match counts.is_empty() {
        true => "none".to_owned(),
        false => counts.iter().map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join(", "),
    };
    let mut text = format!(
        "  {} sound rows, {} incidents in Beacon\n  names found in texts: {}\n  {} mentions nobody has confirmed, of which {} may be somebody on record\n  rejected: {}\n",
        account.rows,
        account.incidents,
        list(&account.names_found),
        account.mentions,
        account.people_proposed,
        list(&account.rejected_by_reason)
    );
    text.push_str("  category                     year   in file  in Beacon\n");
    for line in &account.totals {
        let differs = if line.in_file == line.in_beacon { "" } else { "  DIFFERS" };
        text.push_str(&format!("  {:<28} {:>4} {:>9} {:>10}{differs}\n", line.category, line.year, line.in_file, line.in_beacon));
    }
    text.push_str(if account.equal {
        "  totals are equal\n"
    } else {
        "  TOTALS DIFFER: nothing is lost; run it again, and see the rejects\n"
    });
    text
}

fn open(path: &Path) -> Result<File, Failure> {
    File::open(path).map_err(|error| Failure::new(format!("{} cannot be opened ({error})", path.display())))
}

/// A bar over the bytes of the file, with rows and rate; silent where standard error is no terminal.
fn bar(size: u64, name: &str, progress: Progress) -> tokio::task::AbortHandle {
    let bar = ProgressBar::with_draw_target(Some(size), ProgressDrawTarget::stderr_with_hz(4));
    if let Ok(style) = ProgressStyle::with_template("{prefix} {bar:30} {percent}% {msg} remaining {eta}") {
        bar.set_style(style);
    }
    bar.set_prefix(name.to_owned());
    let task = async move {
        let (mut before, every) = (0, Duration::from_millis(250));
        loop {
            tokio::time::sleep(every).await;
            let rows = progress.rows();
            bar.set_message(format!("{rows} rows {}/s", (rows - before) * 4));
            bar.set_position(progress.bytes());
            before = rows;
        }
    };
    tokio::spawn(task).abort_handle()
}

fn through_server(arguments: &Arguments, path: &Path, name: &str, rejects: &Path) -> Result<ImportView, Failure> {
    let (Some(server), Some(token)) = (&arguments.server, &arguments.token) else {
        return Err(Failure::new("--server needs --token"));
    };
    let mut request = ureq::post(format!("{}/v1/imports", server.trim_end_matches('/')))
        .config()
        .http_status_as_error(false)
        .build()
        .header("Authorization", format!("Bearer {token}"))
        .header("Content-Type", "application/octet-stream")
        .query("kind", arguments.kind.as_str())
        .query("file", name);
    if let Some(kind) = &arguments.area_kind {
        request = request.query("area_kind", kind);
    }
    let mut response = request.send(open(path)?)?;
    let status = response.status().as_u16();
    let body: serde_json::Value = response.body_mut().read_json()?;
    if status != 201 {
        return Err(Failure::new(super::search::problem(&body)));
    }
    std::fs::write(rejects, body["rejects"].as_str().unwrap_or_default())?;
    let view = |name: &str| body[name].clone();
    Ok(ImportView {
        id: serde_json::from_value(view("id"))?,
        officer: serde_json::from_value(view("officer"))?,
        agency: serde_json::from_value(view("agency"))?,
        kind: arguments.kind.as_str().to_owned(),
        file: name.to_owned(),
        started_at: serde_json::from_value(view("started_at"))?,
        finished_at: serde_json::from_value(view("finished_at"))?,
        figures: serde_json::from_value(view("figures"))?,
    })
}

fn add(total: &mut Figures, more: &Figures) {
    total.rows += more.rows;
    total.added += more.added;
    total.unchanged += more.unchanged;
    total.skipped += more.skipped;
    total.rejected += more.rejected;
    total.without_coordinates += more.without_coordinates;
    total.northern_ireland += more.northern_ireland;
}

fn told(figures: &Figures) -> String {
    let mut text = format!(
        "{} rows: {} added, {} there already, {} skipped, {} rejected",
        figures.rows, figures.added, figures.unchanged, figures.skipped, figures.rejected
    );
    if figures.without_coordinates > 0 {
        text.push_str(&format!("; {} without coordinates", figures.without_coordinates));
    }
    if figures.northern_ireland > 0 {
        text.push_str(&format!("; {} in Northern Ireland, without a British grid point", figures.northern_ireland));
    }
    text
}
