package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/** Runs those tests of the suite that a store without locks, or one that never waits, skips. */
class LockingTargetContractTest extends BackupTargetContract {

  @Override
  protected BackupTarget emptyTarget() {
    return new LockingTarget();
  }

  @Override
  protected Optional<BackupTarget> blocked() {
    return Optional.of(new BlockedTarget());
  }

  /** Reads the content and waits for an answer that never comes. */
  private static final class BlockedTarget implements BackupTarget {

    @Override
    public String description() {
      return "a store that never answers";
    }

    @Override
    public Set<Capability> capabilities() {
      return Set.of();
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      try (InputStream in = content.open()) {
        in.transferTo(OutputStream.nullOutputStream());
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Put of " + key + " was interrupted");
      }
    }

    @Override
    public InputStream read(ObjectKey key, ByteRange range) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void retain(Collection<ObjectKey> keys, Instant until) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
