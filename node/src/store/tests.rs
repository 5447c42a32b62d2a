//! On a real disk. Processes that are killed or starved are this test run again (`child_process`).

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use shared::id::{CommandId, Hash, Hasher, NodeId};

use super::*;

fn world(number: u8) -> WorldId {
    WorldId(Hash([number; 32]))
}

fn command(number: u64) -> CommandId {
    CommandId(Hasher::new("test").number(number).finish())
}

/// Bytes that do not compress.
fn noise(number: u64, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}

fn state(number: u64, length: usize) -> (StateHash, Arc<[u8]>) {
    let bytes = noise(number, length);
    (state_hash(&bytes), bytes.into())
}

fn all_commands(store: &Store, of: WorldId) -> Vec<(Epoch, CommandId, Vec<u8>)> {
    let commands = store.commands(of, 0).expect("a scan");
    commands.collect::<Result<_, _>>().expect("rows")
}

#[tokio::test]
async fn what_was_put_is_there_after_opening_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (hash, bytes) = state(1, 100_000);
    let anchor = noise(2, 70_000);
    {
        let store = Store::open(folder.path()).expect("it opens");
        let mut batch = Batch::new();
        batch.put_genesis(world(1), b"genesis".to_vec());
        batch.put_pace(world(1), b"pace".to_vec());
        batch.put_meta("name", b"value".to_vec());
        batch.put_command(world(1), 300, command(3), b"third".to_vec());
        batch.put_command(world(1), 2, command(2), b"second".to_vec());
        batch.put_command(world(1), 2, command(9), b"superseded".to_vec());
        batch.put_command(world(2), 0, command(4), b"of another world".to_vec());
        batch.put_root(world(1), 8, [8; 32]);
        batch.put_root(world(1), 16, [16; 32]);
        batch
            .put_peer(NodeId([5; 32]), &["/ip4/1.2.3.4/tcp/5".into(), "/ip4/1.2.3.4/tcp/6".into()]);
        store.put(batch).await.expect("it is put");
        let mut batch = Batch::new();
        batch.remove_command(world(1), 2, command(9));
        batch.prune_roots(world(1), 16);
        store.put_lazy(batch).await.expect("it is put");
        let states = [(hash, bytes.clone())];
        store.put_anchor(world(1), 8, anchor.clone(), states).await.expect("it is put");
        store.put_anchor(world(1), 64, Vec::new(), []).await.expect("it is put");
    }
    let begun = Instant::now();
    let store = Store::open(folder.path()).expect("it opens again");
    println!("measured: opening again {:?}", begun.elapsed());
    assert_eq!(store.genesis().expect("read"), [(world(1), b"genesis".to_vec())]);
    assert_eq!(store.pace(world(1)).expect("read").as_deref(), Some(&b"pace"[..]));
    assert_eq!(store.pace(world(2)).expect("read"), None);
    assert_eq!(store.meta("name").expect("read").as_deref(), Some(&b"value"[..]));
    let expected =
        [(2, command(2), b"second".to_vec()), (300, command(3), b"third".to_vec())].to_vec();
    assert_eq!(all_commands(&store, world(1)), expected);
    assert_eq!(store.commands(world(1), 3).expect("a scan").count(), 1);
    assert_eq!(store.roots(world(1)).expect("read"), [(16, [16; 32])]);
    assert_eq!(store.root(world(1), 16).expect("read"), Some([16; 32]));
    let addresses = vec!["/ip4/1.2.3.4/tcp/5".to_string(), "/ip4/1.2.3.4/tcp/6".to_string()];
    assert_eq!(store.peers().expect("read"), [(NodeId([5; 32]), addresses)]);
    assert_eq!(store.anchors(world(1)).expect("read"), [8, 64]);
    assert_eq!(store.anchor(world(1), 8).expect("read"), Some(anchor));
    assert_eq!(store.anchor(world(1), 64).expect("read"), Some(Vec::new()));
    assert_eq!(store.anchor(world(1), 9).expect("read"), None);
    assert_eq!(store.state(hash).expect("read").as_deref(), Some(&bytes[..]));
    assert_eq!(store.states().expect("read"), [hash]);
    assert!(store.used_bytes().expect("a number") > 170_000);

    // An anchor that is written again is as short as the new one; a dropped one is gone with its state.
    store.put_anchor(world(1), 8, b"short".to_vec(), []).await.expect("it is put");
    assert_eq!(store.anchor(world(1), 8).expect("read").as_deref(), Some(&b"short"[..]));
    store.drop_anchors(world(1), [8], [hash]).await.expect("dropped");
    store.put(Batch::new()).await.expect("a flush");
    assert_eq!(store.anchors(world(1)).expect("read"), [64]);
    assert!(!store.has_state(hash).expect("read"));
    assert_eq!(store.state(hash).expect("read"), None);

    let mut batch = Batch::new();
    batch.remove_world(world(1));
    store.put(batch).await.expect("it is put");
    assert!(all_commands(&store, world(1)).is_empty() && store.genesis().expect("read").is_empty());
    assert_eq!(all_commands(&store, world(2)).len(), 1);
}

#[tokio::test]
async fn changes_of_one_batch_follow_each_other() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("it opens");
    let (hash, bytes) = state(1, 40_000);
    let mut batch = Batch::new();
    batch.put_state(hash, bytes.clone());
    batch.drop_state(hash);
    batch.put_state(hash, bytes.clone());
    batch.put_state(hash, bytes.clone());
    batch.put_anchor(world(1), 8, noise(1, 100_000));
    batch.drop_anchor(world(1), 8);
    batch.put_anchor(world(1), 8, b"short".to_vec());
    store.put(batch).await.expect("it is put");
    assert_eq!(store.state(hash).expect("read").as_deref(), Some(&bytes[..]));
    assert_eq!(store.anchor(world(1), 8).expect("read").as_deref(), Some(&b"short"[..]));
}

#[test]
fn a_second_node_on_the_folder_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("it opens");
    let error = Store::open(folder.path()).map(|_| ()).expect_err("it is in use");
    assert!(matches!(error, StoreError::InUse { .. }), "{error}");
    assert!(error.to_string().contains(&folder.path().display().to_string()), "{error}");
    drop(store);
    Store::open(folder.path()).expect("it is free again");
}

#[test]
fn another_format_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    drop(Store::open(folder.path()).expect("it opens"));
    let stamp = folder.path().join("format");
    fs::write(&stamp, "zeromesh store 9\n").expect("it is written");
    let error = Store::open(folder.path()).map(|_| ()).expect_err("another format");
    assert!(matches!(&error, StoreError::Format { found, .. } if found == "zeromesh store 9"));
    fs::remove_file(&stamp).expect("it is removed");
    let error = Store::open(folder.path()).map(|_| ()).expect_err("no format");
    assert!(matches!(error, StoreError::Format { .. }), "{error}");
}

/// Puts garbage over every file of the store, one file at a time.
#[tokio::test]
async fn garbage_is_an_error_with_what_to_do_and_never_a_panic() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = folder.path().join("good");
    {
        let store = Store::open(&good).expect("it opens");
        for number in 0..40 {
            let mut batch = Batch::new();
            batch.put_command(world(1), number, command(number), noise(number, 200));
            store.put(batch).await.expect("it is put");
        }
    }
    let sled = good.join("sled");
    let mut files = Vec::new();
    for place in [sled.clone(), sled.join("metadata"), sled.join("slabs")] {
        for entry in fs::read_dir(place).expect("a folder").flatten() {
            let meta = entry.metadata().expect("a file");
            if meta.is_file() && meta.len() > 0 {
                files.push(entry.path().strip_prefix(&good).expect("inside").to_path_buf());
            }
        }
    }
    assert!(files.len() >= 3, "{files:?}");
    let mut refused = 0;
    for (number, file) in files.iter().enumerate() {
        let copy = folder.path().join(format!("copy{number}"));
        let copied = Command::new("cp").arg("-r").arg(&good).arg(&copy).status();
        assert!(copied.expect("cp runs").success());
        let length = fs::metadata(copy.join(file)).expect("a file").len().min(1 << 20);
        fs::write(copy.join(file), noise(number as u64, length as usize)).expect("it is written");
        let read = Store::open(&copy)
            .and_then(|store| store.commands(world(1), 0)?.collect::<Result<Vec<_>, StoreError>>());
        match read {
            // A file that holds nothing needed.
            Ok(rows) => assert!(rows.len() == 40 || rows.is_empty(), "{file:?}: {}", rows.len()),
            Err(error @ (StoreError::Damaged { .. } | StoreError::Io { .. })) => {
                refused += 1;
                println!("{}: {error}", file.display());
            }
            Err(error) => panic!("{file:?}: {error}"),
        }
    }
    assert!(refused >= 2, "{refused} of {files:?}");
}

#[tokio::test]
async fn a_nearly_full_disk_takes_no_new_work_and_then_no_writes_but_drops() {
    let folder = tempfile::tempdir().expect("a folder");
    let free = disk::free_bytes(folder.path()).expect("a number");
    let (hash, bytes) = state(1, 1_000);
    let mut batch = Batch::new();
    batch.put_state(hash, bytes);
    let options = Options { work_free_bytes_min: u64::MAX, ..Options::default() };
    {
        let store = Store::open_with(folder.path(), options).expect("it opens");
        let error = store.has_room().expect_err("no room for work");
        assert!(error.to_string().contains("nearly full"), "{error}");
        store.put(batch.clone()).await.expect("what runs goes on");
    }
    // As if all but what one MiB more would take were needed.
    let options = Options { write_free_bytes_min: free / 2, ..Options::default() };
    let store = Store::open_with(folder.path(), options).expect("it opens");
    let mut large = Batch::new();
    large.bytes = usize::try_from(free).expect("64 bits");
    large.put_meta("large", Vec::new());
    let error = store.put(large).await.expect_err("no room");
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
    let mut drops = Batch::new();
    drops.drop_state(hash);
    store.put(drops).await.expect("room is made");
    assert!(store.broken().is_none());
    drop(store);
    let options = Options { write_free_bytes_min: u64::MAX, ..Options::default() };
    let error = Store::open_with(folder.path(), options).map(|_| ()).expect_err("no room");
    assert!(matches!(error, StoreError::DiskFull { .. }), "{error}");
}

/// A world that goes on for a hundred checkpoints keeps the last three.
#[tokio::test]
async fn the_disk_does_not_grow_with_what_was_dropped() {
    const STATES: u64 = 10;
    const STATE_BYTES: usize = 60_000;
    const ANCHOR_BYTES: usize = 100_000;
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).expect("it opens");
    let live = 3 * (STATES * STATE_BYTES as u64 + ANCHOR_BYTES as u64);
    let mut kept: BTreeMap<u64, Vec<StateHash>> = BTreeMap::new();
    let mut most = 0;
    let begun = Instant::now();
    for checkpoint in 0..100 {
        let states: Vec<_> =
            (0..STATES).map(|n| state(checkpoint * STATES + n, STATE_BYTES)).collect();
        kept.insert(checkpoint, states.iter().map(|(hash, _)| *hash).collect());
        let anchor = noise(checkpoint, ANCHOR_BYTES);
        store.put_anchor(world(1), checkpoint, anchor, states).await.expect("it is put");
        if kept.len() > 3
            && let Some((epoch, hashes)) = kept.pop_first()
        {
            store.drop_anchors(world(1), [epoch], hashes).await.expect("dropped");
        }
        most = most.max(store.used_bytes().expect("a number"));
    }
    println!(
        "measured: {} MB put in {:?}, {:.1} MB live, at most {:.1} MB on disk, {:.1} at the end",
        100 * live / 3_000_000,
        begun.elapsed(),
        live as f64 / 1e6,
        most as f64 / 1e6,
        store.used_bytes().expect("a number") as f64 / 1e6,
    );
    assert!(most < 8 * live, "{most} bytes for {live}");
    store.put(Batch::new()).await.expect("what was lazy is there too");
    assert_eq!(store.states().expect("read").len(), 3 * STATES as usize);
    assert_eq!(store.anchors(world(1)).expect("read"), [97, 98, 99]);
}

/// What the other processes run.
#[test]
fn child_process() {
    let Ok(told) = std::env::var("ZEROMESH_TEST_STORE") else { return };
    let (what, path) = told.split_once(' ').expect("what to do, and where");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    match what {
        "write" => runtime.block_on(write_for_ever(Path::new(path))),
        "starve" => runtime.block_on(write_until_it_fails(Path::new(path))),
        other => panic!("{other}"),
    }
}

fn start(what: &str, path: &Path, before: &str) -> Child {
    let this = std::env::current_exe().expect("this test");
    let script = format!("{before} exec \"$0\" store::tests::child_process --exact --nocapture");
    Command::new("sh")
        .args(["-c", &script])
        .arg(this)
        .env("ZEROMESH_TEST_STORE", format!("{what} {}", path.display()))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts")
}

/// Eight callers at once; each says what was acknowledged.
async fn write_for_ever(path: &Path) {
    let store = Store::open(path).expect("it opens");
    let first = all_commands(&store, world(1)).len() as u64;
    println!("\nopen");
    let callers = (0..8).map(|caller: u64| {
        let store = store.clone();
        async move {
            for count in 0u64.. {
                let number = caller << 40 | first << 20 | count;
                let mut batch = Batch::new();
                batch.put_command(world(1), count, command(number), number.to_be_bytes().to_vec());
                let (hash, bytes) = state(number, 3_000);
                batch.put_state(hash, bytes);
                store.put(batch).await.expect("it is put");
                println!("\nacknowledged {count} {number}");
            }
        }
    });
    futures::future::join_all(callers).await;
}

#[tokio::test]
async fn a_node_killed_while_it_writes_loses_nothing_acknowledged() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut acknowledged: Vec<(u64, u64)> = Vec::new();
    for round in 0..6 {
        let mut child = start("write", folder.path(), "");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut seen = 0;
        for line in lines {
            let line = line.expect("text");
            let Some((count, number)) =
                line.strip_prefix("acknowledged ").and_then(|rest| rest.split_once(' '))
            else {
                continue;
            };
            acknowledged.push((count.parse().expect("a count"), number.parse().expect("a number")));
            seen += 1;
            // Not always at the same moment of a flush. What it said before it died is read on.
            if seen == 20 + 37 * round {
                child.kill().expect("it is killed");
            }
        }
        child.wait().expect("it ended");
        assert!(seen >= 20 + 37 * round, "round {round}: only {seen}");
    }
    let store = Store::open(folder.path()).expect("it opens");
    let there: BTreeMap<(Epoch, CommandId), Vec<u8>> = all_commands(&store, world(1))
        .into_iter()
        .map(|(epoch, id, bytes)| ((epoch, id), bytes))
        .collect();
    for (count, number) in &acknowledged {
        let bytes = there.get(&(*count, command(*number)));
        assert_eq!(bytes.map(Vec::as_slice), Some(&number.to_be_bytes()[..]), "{count} {number}");
        let (hash, bytes) = state(*number, 3_000);
        assert_eq!(store.state(hash).expect("read").as_deref(), Some(&bytes[..]));
    }
    println!("{} acknowledged, {} there", acknowledged.len(), there.len());
}

/// In a process whose files may not grow beyond a limit: to sled that is a full disk.
async fn write_until_it_fails(path: &Path) {
    let store = Store::open(path).expect("it opens");
    for number in 0u64.. {
        let mut batch = Batch::new();
        let (hash, bytes) = state(number, 200_000);
        batch.put_state(hash, bytes);
        match store.put(batch).await {
            Ok(()) => println!("\nacknowledged {number}"),
            Err(error @ StoreError::Broken { .. }) => {
                println!("\nfailed {error}");
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    // It neither hangs nor lies from here on.
    let mut batch = Batch::new();
    batch.put_meta("more", Vec::new());
    let again = store.put(batch).await.expect_err("it takes no more");
    assert!(matches!(again, StoreError::Broken { .. }) && store.broken().is_some());
    let (hash, _) = state(0, 200_000);
    assert!(matches!(store.state(hash), Err(StoreError::Broken { .. })));
    drop(store);
    println!("\nended");
}

#[tokio::test]
async fn a_disk_that_fails_loses_nothing_acknowledged_and_hangs_nobody() {
    let folder = tempfile::tempdir().expect("a folder");
    // Blocks of 512 bytes: 4 MiB. The signal would end the process before the error is seen.
    let mut child = start("starve", folder.path(), "trap '' XFSZ; ulimit -f 8192;");
    let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let lines: Vec<String> = lines.map(|line| line.expect("text")).collect();
    assert!(child.wait().expect("it ended").success(), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("failed")), "{lines:?}");
    assert!(lines.iter().any(|line| line == "ended"), "{lines:?}");
    let acknowledged = lines.iter().filter_map(|line| line.strip_prefix("acknowledged "));
    let numbers: Vec<u64> = acknowledged.map(|text| text.parse().expect("a number")).collect();
    assert!(!numbers.is_empty());
    let store = Store::open(folder.path()).expect("it opens again");
    for number in numbers {
        let (hash, bytes) = state(number, 200_000);
        assert_eq!(store.state(hash).expect("read").as_deref(), Some(&bytes[..]));
    }
}
