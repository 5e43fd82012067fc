package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store with one object that fails as the script says, call by call, and then no more. */
final class ScriptedTarget implements VersionedTarget {

  static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.US_ASCII);

  /** A step that succeeds. */
  static IOException fine() {
    return new Fine();
  }

  private static final class Fine extends IOException {
    private static final long serialVersionUID = 1;
  }

  final List<String> calls = new ArrayList<>();
  final Map<ObjectKey, BackupException> remaining = new HashMap<>();
  int opened;
  int closed;
  private final Deque<IOException> script = new ArrayDeque<>();

  ScriptedTarget(IOException... script) {
    this.script.addAll(List.of(script));
  }

  static BackupException unavailable() {
    return new BackupException(Kind.UNAVAILABLE, "The store is overloaded");
  }

  private void step(String call) throws IOException {
    calls.add(call);
    IOException next = script.poll();
    if (next != null && !(next instanceof Fine)) {
      throw next;
    }
  }

  @Override
  public String description() {
    return "script";
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.VERSIONS);
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    try (InputStream in = content.open()) {
      step("put " + key + " " + in.readAllBytes().length);
    }
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    step("open " + range.from());
    return stream(range);
  }

  private InputStream stream(ByteRange range) {
    opened++;
    int length = (int) range.within(BYTES.length);
    int from = length == 0 ? 0 : (int) range.from();
    return new FilterInputStream(new ByteArrayInputStream(BYTES, from, length)) {
      @Override
      public int read(byte[] bytes, int offset, int wanted) throws IOException {
        step("read");
        return super.read(bytes, offset, Math.min(wanted, 3));
      }

      @Override
      public long skip(long count) throws IOException {
        step("skip");
        return super.skip(count);
      }

      @Override
      public void close() throws IOException {
        closed++;
        super.close();
      }
    };
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    step("list " + prefix);
    opened++;
    int[] left = {2};
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        step("next");
        return left[0]-- > 0
            ? new ObjectInfo(new ObjectKey("k" + left[0]), 1, Instant.EPOCH, Optional.empty())
            : null;
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    step("delete " + keys);
    Map<ObjectKey, BackupException> answer = new HashMap<>(remaining);
    answer.keySet().retainAll(keys);
    remaining.values().removeIf(reason -> reason.kind() == Kind.UNAVAILABLE);
    return answer;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    step("retain " + keys);
  }

  @Override
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    step("versions " + key);
    return List.of();
  }

  @Override
  public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
      throws IOException {
    step("open version " + range.from());
    return stream(range);
  }

  @Override
  public void close() throws IOException {
    step("close");
  }
}
