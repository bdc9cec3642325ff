//! `cargo xtask setup`: what the machine must have besides Rust. rustfmt and clippy come by rust-toolchain.toml.

use crate::{Outcome, root, run};
use std::process::{Command, Stdio};

/// Something the machine must have: how to see it, and the Debian packages that bring it.
pub(crate) struct Need {
    what: &'static str,
    probe: &'static str,
    packages: &'static [&'static str],
}

pub(crate) const C_COMPILER: Need = Need {
    what: "a C compiler",
    // A compiler without the C library's headers and start-up files builds nothing.
    probe: "echo '#include <stdlib.h>' | cc -E - ",
    packages: &["gcc", "libc6-dev"],
};

// libFuzzer is written in it.
pub(crate) const CXX_COMPILER: Need =
    Need { what: "a C++ compiler", probe: "echo '#include <vector>' | c++ -E -x c++ - ", packages: &["g++"] };

const POSTGRESQL: Need =
    Need { what: "PostgreSQL's programs", probe: "command -v initdb || ls /usr/lib/postgresql/*/bin/initdb", packages: &["postgresql"] };

const NODE: Need = Need { what: "Node.js and npm", probe: "command -v node && command -v npm", packages: &["nodejs", "npm"] };

const BROWSER: Need = Need { what: "Chromium", probe: "test -x /usr/bin/chromium", packages: &["chromium"] };

pub(crate) const LUCENE: Need = Need {
    what: "Java and Lucene",
    probe: "command -v java && ls /usr/share/java/lucene-core-8.*.jar /usr/share/java/commons-codec.jar",
    packages: &["default-jdk-headless", "liblucene8-java", "libcommons-codec-java"],
};

/// Where Debian's packages have Lucene.
pub(crate) const LUCENE_JARS: &str = "/usr/share/java/*";

const PYTHON: Need =
    Need { what: "Python with venv", probe: "python3 -c 'import venv, ensurepip'", packages: &["python3", "python3-venv"] };

pub(crate) const ALL: [Need; 6] = [C_COMPILER, CXX_COMPILER, POSTGRESQL, NODE, BROWSER, PYTHON];

/// Installs what the machine lacks, then the packages of the browser tests and of those that hold the API against its document.
pub(crate) fn everything() -> Outcome {
    run(&ALL)?;
    schemathesis()?;
    browser()
}

fn schemathesis() -> Outcome {
    python_packages("tests/schema", "target/schema")
}

/// The packages of the peers in the benchmark of names, and the table that nicknames are made with; gives where they are.
pub(crate) fn peers_of_names() -> Result<std::path::PathBuf, String> {
    run(&[PYTHON])?;
    python_packages("bench/names", "target/bench-names")?;
    Ok(root().join("target/bench-names"))
}

/// The packages that `requirements.txt` in one folder lists, installed into another, a Python of its own.
fn python_packages(list: &str, folder: &str) -> Outcome {
    let (wanted, folder) = (root().join(list).join("requirements.txt"), root().join(folder));
    let kept = folder.join("requirements.txt");
    let read = |path: &std::path::Path| std::fs::read(path).ok();
    if read(&kept).is_some() && read(&kept) == read(&wanted) {
        return Ok(());
    }
    println!("Installing the packages of {list}");
    let mut venv = run::program("python3");
    venv.args(["-m", "venv"]).arg(&folder);
    run::to_end(venv)?;
    let mut pip = run::program(folder.join("bin/pip"));
    pip.args(["install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&wanted);
    run::to_end(pip)?;
    // Written last: what is here is of this list.
    std::fs::copy(&wanted, &kept).map(drop).map_err(|error| format!("cannot write {}: {error}", kept.display()))
}

fn browser() -> Outcome {
    let folder = root().join("tests/browser");
    // npm writes this file last: one older than the lock file is of another list.
    let written = |path: &str| std::fs::metadata(folder.join(path)).and_then(|file| file.modified()).ok();
    let (wanted, there) = (written("package-lock.json"), written("node_modules/.package-lock.json"));
    if there.is_some() && there >= wanted {
        return Ok(());
    }
    println!("Installing the packages of tests/browser");
    let mut npm = run::program("npm");
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]).current_dir(folder);
    run::to_end(npm)
}

pub(crate) fn run(needs: &[Need]) -> Outcome {
    let missing: Vec<&Need> = needs.iter().filter(|need| !shell(need.probe)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let what = missing.iter().map(|need| need.what).collect::<Vec<_>>().join(" and ");
    let packages: Vec<&str> = missing.iter().flat_map(|need| need.packages).copied().collect();
    if !shell("test \"$(id -u)\" = 0 && command -v apt-get") {
        let packages = packages.join(" ");
        return Err(format!("this machine lacks {what}. Run: sudo apt-get install -y --no-install-recommends {packages}"));
    }
    println!("Installing {what}: {}", packages.join(" "));
    apt(&["update", "-q"])?;
    apt(&[&["install", "-y", "-q", "--no-install-recommends"], packages.as_slice()].concat())
}

fn apt(arguments: &[&str]) -> Outcome {
    let mut apt = Command::new("apt-get");
    apt.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    run::to_end(apt)
}

/// Whether the line succeeds; it says nothing and reads nothing.
fn shell(line: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    shell.status().is_ok_and(|status| status.success())
}
