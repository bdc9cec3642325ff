//! Two processes seal one ledger by turns, and it is whole.

use crate::world::{World, by_id, incident};
use ledger::{Expect, verify};
use model::Actor;
use service::{Service, Settings, sealing::Sealing};
use std::{
    io::Write,
    sync::{Arc, Mutex},
    time::Duration,
};

on_both_databases!(two_nodes_seal_one_ledger);

/// A file in memory.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

async fn two_nodes_seal_one_ledger(world: World) {
    let sealing = Sealing { key_file: world.folder.path().join("beacon.key"), checkpoints: None };
    let mut nodes = Vec::new();
    for _ in 0..2 {
        let settings = Settings {
            data_dir: world.data_dir(),
            indexes: false,
            sealing: Some(sealing.clone()),
            erasure_list: None,
            sessions: service::sessions::Lifetime::default(),
            people: 1_000_000,
        };
        nodes.push(Service::start(world.other_process().await, world.clock.clone(), settings).await.unwrap());
    }
    let mut seen = 0;
    for round in 0..8 {
        let made = world.log(incident()).await;
        for node in &nodes {
            node.read_incident(&world.request(&world.officer), by_id(made.id)).await.unwrap();
            seen += 1;
        }
        tokio::time::sleep(Duration::from_millis(100 + 50 * round)).await;
        world.clock.advance(1);
    }
    for node in &nodes {
        node.stop().await;
    }
    let file = Kept::default();
    let figures = world.service().export_audit(&world.request(&Actor::console()), Box::new(file.clone())).await.unwrap();
    let report = verify(&file.0.lock().unwrap()[..], &Expect::default()).unwrap();
    assert_eq!((report.rows, report.checkpoints, report.keys), (figures.sealed, figures.checkpoints, 1));
    assert!(report.rows >= seen && report.checkpoints > 3 && report.warnings.is_empty(), "{report}");
    // Its own entry alone, which nobody seals any more.
    assert_eq!(report.unsealed, 1, "{report}");
}
