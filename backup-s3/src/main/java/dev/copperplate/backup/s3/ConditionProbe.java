package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries whether a store heeds the condition that an object be absent, because several answer
 * success to a condition that they ignore: one writer after the other, and several at once. What
 * came out is remembered beside the repository, in an object that anybody can read. Where nothing
 * may be written, no is the answer, and nothing is remembered.
 */
final class ConditionProbe {

  private static final Logger LOG = LoggerFactory.getLogger(ConditionProbe.class);

  /** Beside the repository, where stock tools do not look. */
  static final String FOLDER = "copperplate/store/";

  private static final ObjectKey MEMORY = new ObjectKey(FOLDER + "heeds-absence");
  private static final String YES = "yes\n";
  private static final String NO = "no\n";
  private static final int WRITERS = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String place;
  private final S3Upload upload;
  private final S3Download download;

  ConditionProbe(String place, S3Upload upload, S3Download download) {
    this.place = place;
    this.upload = upload;
    this.download = download;
  }

  /** Clears up after a trial. */
  interface Removal {
    Object remove(Collection<ObjectKey> keys) throws IOException;
  }

  boolean heeded(Removal removal) throws IOException {
    String remembered = remembered();
    if (remembered.equals(YES) || remembered.equals(NO)) {
      return remembered.equals(YES);
    }
    try {
      boolean heeded = tried(removal);
      put(MEMORY, heeded ? YES : NO, PutOptions.METADATA);
      return heeded;
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      LOG.debug("Not known whether {} heeds conditions: {}", place, e.getMessage());
      return false;
    }
  }

  private String remembered() throws IOException {
    try (InputStream in = download.open(doing("Read", MEMORY), MEMORY, null, ByteRange.ALL)) {
      return new String(in.readNBytes(YES.length() + NO.length()), StandardCharsets.US_ASCII);
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.DENIED) {
        return "";
      }
      throw e;
    }
  }

  private boolean tried(Removal removal) throws IOException {
    ObjectKey one = fresh();
    ObjectKey many = fresh();
    try {
      boolean heeded = won(one) && !won(one) && winners(many) == 1;
      LOG.info("{} {} that an object be absent", place, heeded ? "heeds" : "does not heed");
      return heeded;
    } catch (BackupException e) {
      if (e.kind() == Kind.UNSUPPORTED || e.kind() == Kind.INVALID) {
        return false; // It says so itself.
      }
      throw e;
    } finally {
      removal.remove(List.of(one, many));
    }
  }

  private static ObjectKey fresh() {
    return new ObjectKey(FOLDER + "trial-" + HexFormat.of().toHexDigits(RANDOM.nextLong()));
  }

  private boolean won(ObjectKey key) throws IOException {
    try {
      put(key, "x", PutOptions.METADATA.onlyIfAbsent());
      return true;
    } catch (BackupException e) {
      if (e.kind() == Kind.ALREADY_EXISTS) {
        return false;
      }
      throw e;
    }
  }

  private int winners(ObjectKey key) throws IOException {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      List<Future<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        attempts.add(writers.submit(() -> won(key)));
      }
      int winners = 0;
      for (Future<Boolean> attempt : attempts) {
        winners += attempt.get() ? 1 : 0;
      }
      return winners;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw S3Failures.interrupted("Trying what " + place + " heeds", e);
    } finally {
      writers.shutdownNow();
    }
  }

  private void put(ObjectKey key, String text, PutOptions options) throws IOException {
    Content content = Content.of(text.getBytes(StandardCharsets.US_ASCII));
    upload.put(doing("Put", key), key, content, options);
  }

  private String doing(String what, ObjectKey key) {
    return what + " of " + key + " in " + place;
  }
}
