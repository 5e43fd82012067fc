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
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was found out about a store by trying it, so that nobody has to try again: an object of one
 * word for each fact, beside the repository, where stock tools do not look. It is not encrypted,
 * and whoever may write there can make a store seem to do less; nothing relies on it to be secret.
 */
final class StoreMemory {

  /** Trials are made here too. No listing of a target shows it. */
  static final String FOLDER = "copperplate/store/";

  private static final Logger LOG = LoggerFactory.getLogger(StoreMemory.class);
  private static final String YES = "yes\n";
  private static final String NO = "no\n";

  private final String place;
  private final S3Upload upload;
  private final S3Download download;

  StoreMemory(String place, S3Upload upload, S3Download download) {
    this.place = place;
    this.upload = upload;
    this.download = download;
  }

  /** Something that can be tried. */
  interface Trial {
    boolean make() throws IOException;
  }

  /**
   * Whether it is so, from memory or by a trial.
   *
   * @param otherwise the answer where nothing may be written, which is not remembered
   */
  boolean knows(String fact, Trial trial, boolean otherwise) throws IOException {
    Optional<Boolean> known = remembered(fact);
    if (known.isPresent()) {
      return known.get();
    }
    try {
      return learn(fact, trial);
    } catch (BackupException e) {
      if (e.kind() != Kind.DENIED) {
        throw e;
      }
      LOG.debug("Not tried with {}: {}: {}", place, fact, e.getMessage());
      return otherwise;
    }
  }

  /** Tries it, whatever is remembered, and remembers what came out. */
  boolean learn(String fact, Trial trial) throws IOException {
    boolean so = trial.make();
    byte[] word = (so ? YES : NO).getBytes(StandardCharsets.US_ASCII);
    ObjectKey key = new ObjectKey(FOLDER + fact);
    upload.put("Put of " + key + " to " + place, key, Content.of(word), PutOptions.METADATA);
    LOG.info("Found out about {}: {}: {}", place, fact, so);
    return so;
  }

  private Optional<Boolean> remembered(String fact) throws IOException {
    ObjectKey key = new ObjectKey(FOLDER + fact);
    String doing = "Read of " + key + " from " + place;
    try (InputStream in = download.open(doing, key, null, ByteRange.ALL)) {
      String word = new String(in.readNBytes(YES.length() + 1), StandardCharsets.US_ASCII);
      return word.equals(YES) || word.equals(NO) ? Optional.of(word.equals(YES)) : Optional.empty();
    } catch (BackupException e) {
      if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.DENIED) {
        return Optional.empty();
      }
      throw e;
    }
  }
}
