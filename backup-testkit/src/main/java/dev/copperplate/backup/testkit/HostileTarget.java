package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A target that fails as real stores do, where the test says so.
 *
 * <pre>{@code
 * HostileTarget target = HostileTarget.over(new MemoryTarget());
 * target.on(Calls.puts("data/").nth(3), Fault.halfWay());
 * target.on(Calls.deletes("locks/"), Fault.refused(Kind.DENIED));
 * target.on(Calls.any().share(0.1, seed), Fault.answerLost());
 *
 * Gate gate = Gate.after();
 * target.on(Calls.puts("snapshots/"), gate);
 * }</pre>
 *
 * <p>It counts and notes what it is asked, and can be {@linkplain #dieAfter cut off} at any
 * operation, for loops that crash a caller at each of its calls. Deterministic: what happens
 * follows from the operations and their order alone. Thread-safe; operations at once are put into
 * some order.
 */
public class HostileTarget extends ForwardingTarget {

  private static final Fault DEATH =
      new Fault() {
        @Override
        public void before(Operation operation) throws IOException {
          throw dead(operation.toString());
        }
      };

  private final List<Rule> rules = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private long alive = Long.MAX_VALUE;

  /** A fault and what it befalls. */
  private record Rule(Predicate<Operation> calls, Fault fault) {}

  private HostileTarget(BackupTarget target) {
    super(target);
  }

  /** Decorates a target; a {@link VersionedTarget} stays one. Without faults it is as that is. */
  public static HostileTarget over(BackupTarget target) {
    return target instanceof VersionedTarget ? new Versioned(target) : new HostileTarget(target);
  }

  /** The same for a store that keeps versions. */
  private static final class Versioned extends HostileTarget implements VersionedTarget {
    Versioned(BackupTarget target) {
      super(target);
    }
  }

  /** Lets a fault befall operations, counted from now. */
  public final synchronized void on(Calls calls, Fault fault) {
    rules.add(new Rule(calls.counting(), fault));
  }

  /** Ends all faults, and the cut; the count goes on. */
  public final synchronized void heal() {
    rules.clear();
    alive = Long.MAX_VALUE;
  }

  /**
   * Does so many operations more and none afterwards: those fail with {@code DENIED}, which nobody
   * tries again, and so do streams and listings that are open. What a caller that died can do no
   * more is the same as what a store refuses that threw it out.
   */
  public final synchronized void dieAfter(long count) {
    alive = operations.size() + count;
  }

  /** What was asked so far, in order, refused or not. */
  public final synchronized List<Operation> operations() {
    return List.copyOf(operations);
  }

  private synchronized Call call(Operation.Kind kind, String name) {
    Operation operation = new Operation(kind, name, operations.size() + 1L);
    operations.add(operation);
    List<Fault> faults = new ArrayList<>();
    if (operation.number() > alive) {
      faults.add(DEATH);
    }
    for (Rule rule : rules) {
      if (rule.calls().test(operation)) {
        faults.add(rule.fault());
      }
    }
    return new Call(operation, faults);
  }

  private synchronized void requireAlive(String name) throws BackupException {
    if (operations.size() > alive) {
      throw dead(name);
    }
  }

  private static BackupException dead(String what) {
    return new BackupException(Kind.DENIED, what + " is cut off, as the test wants it");
  }

  /** One operation with what befalls it. */
  private record Call(Operation operation, List<Fault> faults) {

    void before() throws IOException {
      for (Fault fault : faults) {
        fault.before(operation);
      }
    }

    Content content(Content content) {
      Content passed = content;
      for (Fault fault : faults) {
        passed = fault.content(operation, passed);
      }
      return passed;
    }

    /** What the reader gets; closed here if nothing can be given. */
    InputStream answer(InputStream stream) throws IOException {
      InputStream passed = stream;
      try {
        for (Fault fault : faults) {
          passed = fault.stream(operation, passed);
        }
        after();
        return passed;
      } catch (Throwable e) {
        passed.close();
        throw e;
      }
    }

    void after() throws IOException {
      for (Fault fault : faults) {
        fault.after(operation);
      }
    }
  }

  @Override
  public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
    Call call = call(Operation.Kind.PUT, key.value());
    call.before();
    super.put(key, call.content(content), options);
    call.after();
  }

  @Override
  public InputStream read(ObjectKey key, ByteRange range) throws IOException {
    Call call = call(Operation.Kind.READ, key.value());
    call.before();
    return call.answer(mortal(key, super.read(key, range)));
  }

  @Override
  public InputStream read(ObjectKey key, ObjectVersion version, ByteRange range)
      throws IOException {
    Call call = call(Operation.Kind.READ, key.value());
    call.before();
    return call.answer(mortal(key, super.read(key, version, range)));
  }

  private InputStream mortal(ObjectKey key, InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        requireAlive(key.value());
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        requireAlive(key.value());
        return super.read(bytes, offset, length);
      }
    };
  }

  @Override
  public Cursor<ObjectInfo> list(String prefix) throws IOException {
    Call call = call(Operation.Kind.LIST, prefix);
    call.before();
    Cursor<ObjectInfo> all = super.list(prefix);
    try {
      call.after();
    } catch (Throwable e) {
      all.close();
      throw e;
    }
    return new Cursor<>() {
      @Override
      public @Nullable ObjectInfo next() throws IOException {
        requireAlive(prefix);
        return all.next();
      }

      @Override
      public void close() throws IOException {
        all.close();
      }
    };
  }

  /** Counts as a listing of the key. */
  @Override
  public List<ObjectVersion> versions(ObjectKey key) throws IOException {
    Call call = call(Operation.Kind.LIST, key.value());
    call.before();
    List<ObjectVersion> versions = super.versions(key);
    call.after();
    return versions;
  }

  @Override
  public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
    Map<ObjectKey, BackupException> remaining = new LinkedHashMap<>();
    Map<ObjectKey, Call> asked = new LinkedHashMap<>();
    for (ObjectKey key : keys) {
      Call call = call(Operation.Kind.DELETE, key.value());
      try {
        call.before();
        asked.put(key, call);
      } catch (BackupException refused) {
        remaining.put(key, refused);
      }
    }
    remaining.putAll(super.delete(asked.keySet()));
    for (Call call : asked.values()) {
      call.after();
    }
    return remaining;
  }

  @Override
  public void retain(Collection<ObjectKey> keys, Instant until) throws IOException {
    List<Call> calls = new ArrayList<>();
    for (ObjectKey key : keys) {
      Call call = call(Operation.Kind.RETAIN, key.value());
      call.before();
      calls.add(call);
    }
    super.retain(keys, until);
    for (Call call : calls) {
      call.after();
    }
  }
}
