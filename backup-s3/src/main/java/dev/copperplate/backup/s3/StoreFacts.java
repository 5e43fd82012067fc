package dev.copperplate.backup.s3;

import dev.copperplate.backup.Capability;
import java.io.IOException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a store and a bucket. Asked and tried when it is first needed, by one thread;
 * whoever waits for its answer can be interrupted. A failure is not remembered. What the store says
 * of a bucket is believed where nothing may be written to try it.
 */
final class StoreFacts {

  private static final String ABSENCE = "heeds-absence";
  private static final String VERSIONS = "keeps-versions";
  private static final String LOCKED = "keeps-locked";

  private final String place;
  private final BucketQuestions questions;
  private final StoreMemory memory;
  private final StoreTrials trials;

  private final ReentrantLock asking = new ReentrantLock();
  private @Nullable BucketFacts bucket;
  private @Nullable Boolean absence;
  private @Nullable Boolean versions;
  private @Nullable Boolean locked;

  StoreFacts(String place, BucketQuestions questions, StoreMemory memory, StoreTrials trials) {
    this.place = place;
    this.questions = questions;
    this.memory = memory;
    this.trials = trials;
  }

  /** What the store says of the bucket. */
  BucketFacts bucket() throws IOException {
    return alone(this::askedBucket);
  }

  private BucketFacts askedBucket() throws IOException {
    if (bucket == null) {
      bucket = questions.facts();
    }
    return bucket;
  }

  /** Whether it heeds that an object be absent. */
  boolean heedsAbsence() throws IOException {
    return alone(
        () -> {
          if (absence == null) {
            absence = memory.knows(ABSENCE, trials::heedsAbsence, false);
          }
          return absence;
        });
  }

  /** Whether it keeps what is overwritten. */
  boolean keepsVersions() throws IOException {
    return alone(
        () -> {
          if (versions == null) {
            versions =
                askedBucket().versions() && memory.knows(VERSIONS, trials::keepsVersions, true);
          }
          return versions;
        });
  }

  /** Whether it keeps what is locked. */
  boolean keepsLocked() throws IOException {
    return alone(
        () -> {
          if (locked == null) {
            Instant now = Instant.now().plus(askedBucket().ahead());
            locked =
                askedBucket().locks() && memory.knows(LOCKED, () -> trials.keepsLocked(now), true);
          }
          return locked;
        });
  }

  /**
   * All of it as capabilities.
   *
   * @param dataClass whether bulk data has a storage class of its own
   */
  Set<Capability> capabilities(boolean dataClass) throws IOException {
    Set<Capability> all = EnumSet.noneOf(Capability.class);
    add(all, keepsVersions(), Capability.VERSIONS);
    add(all, keepsLocked(), Capability.RETENTION);
    add(all, heedsAbsence(), Capability.CONDITIONAL_PUT);
    add(all, dataClass, Capability.STORAGE_CLASS);
    return all;
  }

  private static void add(Set<Capability> all, boolean has, Capability capability) {
    if (has) {
      all.add(capability);
    }
  }

  /** Asks and tries everything anew, whatever is remembered. */
  void tryAgain() throws IOException {
    alone(
        () -> {
          BucketFacts said = questions.facts();
          bucket = said;
          absence = memory.learn(ABSENCE, trials::heedsAbsence);
          versions = said.versions() && memory.learn(VERSIONS, trials::keepsVersions);
          Instant now = Instant.now().plus(said.ahead());
          locked = said.locks() && memory.learn(LOCKED, () -> trials.keepsLocked(now));
          return said;
        });
  }

  /** Something that is asked. */
  private interface Question<T> {
    T ask() throws IOException;
  }

  private <T> T alone(Question<T> question) throws IOException {
    try {
      asking.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw S3Failures.interrupted("Asking " + place + " what it enforces", e);
    }
    try {
      return question.ask();
    } finally {
      asking.unlock();
    }
  }
}
