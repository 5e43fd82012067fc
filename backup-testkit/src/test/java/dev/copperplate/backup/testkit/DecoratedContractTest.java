package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.target.Bandwidth;
import dev.copperplate.backup.target.ReadOnlyTarget;
import dev.copperplate.backup.target.ThrottledTarget;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Nested;

/** Decorated, a store still keeps all promises. */
class DecoratedContractTest {

  @Nested
  class Throttled extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      return ThrottledTarget.of(
          new MemoryTarget(), Bandwidth.unlimited(), Bandwidth.bytesPerSecond(10_000_000_000L));
    }
  }

  /** What is put goes past the decorator; what is refused, DecoratorsTest shows. */
  @Nested
  class ReadOnly extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      BackupTarget memory = new MemoryTarget();
      BackupTarget readOnly = ReadOnlyTarget.of(memory);
      return new ForwardingTarget(readOnly) {
        @Override
        public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
          assertDenied(() -> super.put(key, content, options));
          memory.put(key, content, options);
        }

        @Override
        public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
            throws IOException {
          super.delete(keys).values().forEach(each -> assertEquals(Kind.DENIED, each.kind()));
          return memory.delete(keys);
        }

        @Override
        public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
          assertDenied(() -> super.retain(keys, until));
          memory.retain(keys, until);
        }
      };
    }

    private void assertDenied(org.junit.jupiter.api.function.Executable call) {
      assertEquals(Kind.DENIED, assertThrows(BackupException.class, call).kind());
    }
  }

  @Nested
  class HostileWithoutFaults extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      return HostileTarget.over(new MemoryTarget());
    }

    @Override
    protected Optional<BackupTarget> blocked() {
      HostileTarget stalled = HostileTarget.over(new MemoryTarget());
      stalled.on(Calls.puts(""), Gate.after());
      return Optional.of(stalled);
    }
  }

  @Nested
  class InSmallPiecesSkewedAndLateUntilItSettles extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      HostileTarget hostile = HostileTarget.over(new MemoryTarget());
      hostile.on(Calls.any(), Fault.trickles(1000));
      hostile.on(Calls.any(), Fault.slow(Duration.ofSeconds(1), passed -> {}));
      SkewedTarget skewed = SkewedTarget.over(hostile, Duration.ofMinutes(-7));
      LateListingTarget late = LateListingTarget.over(skewed, Long.MAX_VALUE);
      return new ForwardingTarget(late) {
        @Override
        public Cursor<ObjectInfo> list(String prefix) throws IOException {
          late.settle();
          return super.list(prefix);
        }
      };
    }
  }

  /** Runs those tests of the suite that a store skips which has no locks, but lets one win. */
  @Nested
  class RetainingWhereNobodyWins extends BackupTargetContract {

    @Override
    protected BackupTarget emptyTarget() {
      BackupTarget plain =
          new ForwardingTarget(new MemoryTarget()) {
            @Override
            public Set<Capability> capabilities() {
              return Set.of();
            }

            @Override
            public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
              if (options.ifAbsent()) {
                throw new BackupException(Kind.UNSUPPORTED, "Nobody wins here");
              }
              super.put(key, content, options);
            }
          };
      return RetainingTarget.over(plain, InstantSource.system());
    }
  }
}
