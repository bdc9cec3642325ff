//! The settings that acknowledged writes and erasure depend on.

use crate::world::World;

#[tokio::test]
async fn sqlite_syncs_every_commit_and_overwrites_what_is_deleted() {
    let world = World::sqlite().await;
    for (pragma, wanted) in [
        ("journal_mode", "wal"),
        // 2 is FULL: the log is synced at each commit.
        ("synchronous", "2"),
        ("secure_delete", "1"),
        ("foreign_keys", "1"),
    ] {
        assert_eq!(world.sql(&format!("PRAGMA {pragma}")).await, [wanted], "{pragma}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn erased_text_leaves_the_sqlite_file() {
    let world = World::sqlite().await;
    let mut incident = world.incident(1, 1);
    incident.details.summary = "Zebedee Quillfeather was here".to_owned();
    world.insert(vec![incident]).await.unwrap();
    world.sql("INSERT INTO incident_version SELECT id, version, at, officer_id, agency_id, request_id, body FROM incident").await;
    let path = world.url.strip_prefix("sqlite:").unwrap().to_owned();
    let holds = |path: &str| std::fs::read(path).unwrap().windows(11).any(|bytes| bytes == b"Quillfeathe");
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert!(holds(&path));
    world.sql("DELETE FROM incident_version").await;
    world.sql("UPDATE incident SET body = '{}'").await;
    world.sql("PRAGMA wal_checkpoint(TRUNCATE)").await;
    assert!(!holds(&path), "secure_delete is off, or the log was not truncated");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_ends_forgotten_transactions_and_long_waits() {
    let world = World::postgres().await;
    for (setting, wanted) in [
        ("idle_in_transaction_session_timeout", "30s"),
        ("lock_timeout", "10s"),
        ("statement_timeout", "1min"),
        ("application_name", "beacon"),
        ("synchronous_commit", "on"),
    ] {
        assert_eq!(world.sql(&format!("SHOW {setting}")).await, [wanted], "{setting}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_cannot_write() {
    for world in [World::sqlite().await, World::postgres().await] {
        let mut tx = world.db.read().await.unwrap();
        let refused = store::agencies::suspend(&mut tx, world.actor.officer, None).await.unwrap_err();
        assert!(refused.to_string().contains("read"), "{refused}");
    }
}
