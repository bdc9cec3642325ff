//! The national import: rows a second, memory, and a national hotspot query afterwards.

use crate::{
    machine::Machine,
    memory::Curve,
    page::{Table, count},
};
use std::{path::Path, process::Stdio, time::Instant};
use testkit::{
    campaign::{On, Place},
    http,
};

/// Great Britain in cells of a kilometre.
const NATIONAL: &str = "/v1/hotspots?bbox=-6.4,49.9,1.8,55.9&cell_size=1000";

pub(crate) fn run(databases: &[On], file: &Path) {
    let machine = Machine::look();
    println!("{}", machine.line());
    let columns = ["database", "rows", "seconds", "rows/s", "again, seconds", "peak memory, MiB", "national Gi*, ms (first, again)"];
    let mut table = Table::new("imports", &columns);
    for on in databases {
        let place = Place::new(*on);
        let deployment = &place.deployment;
        deployment.agency("Cleveland Police", "police");
        let token = deployment.officer("Pat Reed", "Cleveland Police", "officer");
        let import = || {
            let arguments = ["import", "police-uk", file.to_str().expect("a plain path"), "--officer", "Pat Reed"];
            let mut command = deployment.command(&arguments);
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the binary starts");
            let (curve, took) = Curve::watch(&mut child);
            let output = child.wait_with_output().expect("its output");
            println!("{}", String::from_utf8_lossy(&output.stdout).trim());
            assert!(output.status.success(), "the import failed");
            (curve, took.as_secs_f64())
        };
        let (curve, took) = import();
        let server = deployment.serve();
        let query = || {
            let began = Instant::now();
            let answer = http::get(&server.url, &token, NATIONAL).expect(200);
            (answer.json()["total"].as_u64().unwrap_or(0), began.elapsed().as_millis())
        };
        let ((total, first), (_, again)) = (query(), query());
        assert!(total > 300_000, "the national query counts {total}");
        server.stop();
        let rows = rows(file);
        let (_, second) = import();
        table.row(&[
            on.as_str().to_owned(),
            count(rows),
            format!("{took:.1}"),
            count(rows / took),
            format!("{second:.1}"),
            curve.told(),
            format!("{first}, {again}"),
        ]);
    }
    table.write(&machine);
}

/// Rows of a gzipped file, without its header.
fn rows(file: &Path) -> f64 {
    let counted = std::process::Command::new("sh").args(["-c", "gzip -dc \"$0\" | wc -l"]).arg(file).output().expect("gzip runs");
    String::from_utf8_lossy(&counted.stdout).trim().parse::<f64>().expect("a number") - 1.0
}
