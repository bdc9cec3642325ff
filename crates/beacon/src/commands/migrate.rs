//! `beacon migrate`

use crate::{
    console::{self, Failure},
    settings::Settings,
};
use std::process::ExitCode;

pub(crate) async fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let service = console::open(settings, false).await?;
    service.stop().await;
    println!("the schema is up to date");
    Ok(ExitCode::SUCCESS)
}
