//! Replacing files on a real file system.

use std::fs::Permissions;
use std::os::unix::fs::{PermissionsExt, symlink};

use super::*;

fn directory(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("kubelet-audit-{}-{name}", std::process::id()));
    fs::create_dir_all(path.join("sub")).unwrap();
    path
}

fn names(path: &Path) -> usize {
    fs::read_dir(path).unwrap().count()
}

#[test]
fn a_file_is_replaced_with_its_permissions() {
    let dir = directory("a");
    let file = dir.join("f");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    symlink("f", dir.join("link")).unwrap();
    replace(&dir.join("link"), Some(b"old"), b"new").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"new");
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
    assert!(fs::symlink_metadata(dir.join("link")).unwrap().is_symlink());
    assert_eq!(names(&dir), 3);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_new_file_takes_the_place_of_none() {
    let dir = directory("d");
    let file = dir.join("f.conf");
    replace(&file, None, b"new").unwrap();
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(replace(&file, None, b"newer").is_err());
    assert_eq!((fs::read(&file).unwrap(), names(&dir)), (b"new".to_vec(), 2));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_file_that_changed_or_lies_elsewhere_stays_as_it_is() {
    let dir = directory("b");
    let file = dir.join("f");
    fs::write(&file, "other").unwrap();
    assert!(replace(&file, Some(b"old"), b"new").is_err());
    fs::write(dir.join("sub/g"), "old").unwrap();
    symlink("sub/g", dir.join("link")).unwrap();
    assert!(replace(&dir.join("link"), Some(b"old"), b"new").is_err());
    assert_eq!(fs::read(&file).unwrap(), b"other");
    assert_eq!(fs::read(dir.join("sub/g")).unwrap(), b"old");
    assert_eq!(names(&dir), 3);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_directory_that_cannot_be_written_leaves_the_file_and_nothing_beside_it() {
    // Root does not heed permissions; then the file is replaced.
    let dir = directory("c");
    let file = dir.join("f");
    fs::write(&file, "old").unwrap();
    fs::set_permissions(&dir, Permissions::from_mode(0o555)).unwrap();
    let done = replace(&file, Some(b"old"), b"new");
    fs::set_permissions(&dir, Permissions::from_mode(0o755)).unwrap();
    assert_eq!(fs::read(&file).unwrap(), if done.is_ok() { b"new" } else { b"old" });
    assert_eq!(names(&dir), 2);
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn a_hard_link_is_refused() {
    let dir = directory("e");
    let file = dir.join("f");
    fs::write(&file, "old").unwrap();
    fs::hard_link(&file, dir.join("other")).unwrap();
    let error = replace(&file, Some(b"old"), b"new").unwrap_err().to_string();
    assert!(error.contains("several hard links"), "{error}");
    assert_eq!((fs::read(&file).unwrap(), names(&dir)), (b"old".to_vec(), 3));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn what_a_killed_run_left_behind_is_no_obstacle() {
    let dir = directory("g");
    let file = dir.join("f");
    fs::write(&file, "old").unwrap();
    fs::write(dir.join(format!(".f.kubelet-audit-{}", std::process::id())), "left").unwrap();
    replace(&file, Some(b"old"), b"new").unwrap();
    assert_eq!((fs::read(&file).unwrap(), names(&dir)), (b"new".to_vec(), 3));
    fs::remove_dir_all(dir).unwrap();
}

#[test]
fn extended_attributes_are_kept() {
    let dir = directory("h");
    let file = dir.join("f");
    fs::write(&file, "old").unwrap();
    let flags = rustix::fs::XattrFlags::empty();
    // Some file systems have none; then there is nothing to keep.
    if rustix::fs::setxattr(&file, "user.kubelet-audit", b"value", flags).is_ok() {
        replace(&file, Some(b"old"), b"new").unwrap();
        let mut value = [0; 5];
        assert_eq!(rustix::fs::getxattr(&file, "user.kubelet-audit", &mut value), Ok(5));
        assert_eq!(&value, b"value");
    }
    assert_eq!(fs::read_dir(&dir).unwrap().count(), 2);
    fs::remove_dir_all(dir).unwrap();
}

/// Whoever may write in the directory swaps links in as fast as possible: a file outside is never opened,
/// never changes its mode, and is never written.
#[test]
fn a_swapped_link_leads_nowhere() {
    let dir = directory("i");
    let (file, secret) = (dir.join("f"), dir.join("sub/secret"));
    fs::write(&secret, "secret").unwrap();
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
    let stop = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                for entry in fs::read_dir(&dir).unwrap().flatten() {
                    let path = entry.path();
                    if entry.file_name() != "sub" {
                        let _ = fs::remove_file(&path);
                        let _ = symlink("sub/secret", &path);
                    }
                }
            }
        });
        for _ in 0..200 {
            // Made where nobody swaps, for these calls follow links.
            fs::write(dir.join("sub/fresh"), "old").unwrap();
            fs::set_permissions(dir.join("sub/fresh"), Permissions::from_mode(0o644)).unwrap();
            let _ = fs::rename(dir.join("sub/fresh"), &file);
            let _ = replace(&file, Some(b"old"), b"new");
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!(fs::metadata(&secret).unwrap().permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read(&secret).unwrap(), b"secret");
    fs::remove_dir_all(dir).unwrap();
}
