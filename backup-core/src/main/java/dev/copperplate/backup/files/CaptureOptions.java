package dev.copperplate.backup.files;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryType;

/** What a capture of files takes in, and what it takes for unchanged. */
record CaptureOptions(
    Scope scope,
    boolean oneFileSystem,
    boolean ignoreInode,
    boolean ignoreCtime,
    boolean accessTimes) {

  static final CaptureOptions DEFAULT = new CaptureOptions(Scope.ALL, false, false, false, false);

  CaptureOptions scope(Scope other) {
    return new CaptureOptions(other, oneFileSystem, ignoreInode, ignoreCtime, accessTimes);
  }

  CaptureOptions oneFileSystem(boolean only) {
    return new CaptureOptions(scope, only, ignoreInode, ignoreCtime, accessTimes);
  }

  CaptureOptions ignoreInode(boolean ignore) {
    return new CaptureOptions(scope, oneFileSystem, ignore, ignoreCtime, accessTimes);
  }

  CaptureOptions ignoreCtime(boolean ignore) {
    return new CaptureOptions(scope, oneFileSystem, ignoreInode, ignore, accessTimes);
  }

  CaptureOptions accessTimes(boolean keep) {
    return new CaptureOptions(scope, oneFileSystem, ignoreInode, ignoreCtime, keep);
  }

  boolean isUnchanged(Status now, Entry before) {
    return now.type() == EntryType.FILE
        && before.type() == EntryType.FILE
        && now.size() == before.size()
        && now.attributes().modified().equals(before.attributes().modified())
        && (ignoreInode || now.attributes().inode() == before.attributes().inode())
        && (ignoreCtime || now.attributes().changed().equals(before.attributes().changed()));
  }

  boolean mayEnter(Status directory, Status top) {
    return !oneFileSystem || directory.attributes().device() == top.attributes().device();
  }
}
