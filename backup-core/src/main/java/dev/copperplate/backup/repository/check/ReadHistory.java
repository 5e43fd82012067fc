package dev.copperplate.backup.repository.check;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.JsonInput;
import dev.copperplate.backup.repository.format.JsonOutput;
import dev.copperplate.backup.repository.index.BlobIndex;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which packs of a survey were read when, kept beside the repository: one record for each check,
 * {@code {"reads":[{"at":…,"packs":"…"}]}} with the first 16 digits of the packs' ids, end to end.
 * When there are many, one record takes the place of all. To lose them only means to begin anew. By
 * one thread, except {@link #note}.
 */
public final class ReadHistory {

  /** More records than these are put together. */
  static final int MOST_RECORDS = 20;

  /** So many packs are remembered, those that were read last: 16 TiB in packs of restic's size. */
  private static final int MOST_PACKS = 1_000_000;

  private static final int DIGITS = 16;
  private static final Logger LOG = LoggerFactory.getLogger(ReadHistory.class);

  private final RecordStore records;
  private final BlobIndex blobs;
  private final List<RecordKey> stored = new ArrayList<>();
  private final Instant[] last;
  private final int[] byPrefix;
  private final long[] prefixes;
  private final BitSet read = new BitSet();

  private ReadHistory(RecordStore records, BlobIndex blobs, int packs) {
    this.records = records;
    this.blobs = blobs;
    this.last = new Instant[packs];
    Arrays.fill(last, Instant.MIN);
    Integer[] order = new Integer[packs];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparing(blobs::pack));
    this.byPrefix = Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    this.prefixes = Arrays.stream(byPrefix).mapToLong(i -> prefix(i) ^ Long.MIN_VALUE).toArray();
  }

  /** Reads what is known of the packs of a survey. Records that cannot be read are passed over. */
  public static ReadHistory load(RecordStore records, Survey survey, Instant now)
      throws IOException {
    ReadHistory history = new ReadHistory(records, survey.blobs(), survey.packs());
    for (List<RecordKey> keys : records.keys(RecordKind.CHECK).values()) {
      for (RecordKey each : keys) {
        history.stored.add(each);
        history.load(each, now);
      }
    }
    return history;
  }

  /** When a pack was read last; {@link Instant#MIN} if that is not known. */
  public Instant lastRead(int pack) {
    return last[pack];
  }

  /** Remembers that a pack is being read. Thread-safe. */
  public synchronized void note(int pack) {
    read.set(pack);
  }

  /**
   * Stores what was noted.
   *
   * @param subject the run of the check
   */
  public synchronized void save(String subject, Instant now) throws IOException {
    if (read.isEmpty()) {
      return;
    }
    Instant at = now.truncatedTo(ChronoUnit.SECONDS);
    read.stream().forEach(pack -> last[pack] = at);
    boolean merge = stored.size() >= MOST_RECORDS;
    records.write(RecordKind.CHECK, subject, now, body(merge ? known() : read), null);
    read.clear();
    if (merge) {
      records
          .delete(stored)
          .forEach((key, reason) -> LOG.info("A record of checks stays: {}", key, reason));
    }
  }

  private BitSet known() {
    BitSet known = new BitSet();
    Arrays.stream(byPrefix)
        .filter(pack -> last[pack].isAfter(Instant.MIN))
        .boxed()
        .sorted(Comparator.comparing((Integer pack) -> last[pack]).reversed())
        .limit(MOST_PACKS)
        .forEach(known::set);
    return known;
  }

  private String body(BitSet packs) {
    Map<Instant, StringBuilder> byTime = new TreeMap<>();
    packs.stream()
        .forEach(
            pack ->
                byTime
                    .computeIfAbsent(last[pack], any -> new StringBuilder())
                    .append(HexFormat.of().toHexDigits(prefix(pack))));
    JsonOutput out = new JsonOutput().beginObject().field("reads").beginArray();
    byTime.forEach(
        (at, prefixesThen) ->
            out.element()
                .beginObject()
                .field("at")
                .time(at)
                .field("packs")
                .string(prefixesThen.toString())
                .endObject());
    return out.endArray().endObject().text();
  }

  private void load(RecordKey key, Instant now) throws IOException {
    try {
      // A clock that ran ahead must not keep a pack from being read for years.
      decode(records.read(key).utf8(), (prefix, at) -> note(prefix, at.isAfter(now) ? now : at));
    } catch (FormatException broken) {
      LOG.debug("{} is passed over: {}", key, broken.getMessage());
    } catch (BackupException refused) {
      if (refused.kind() != Kind.DAMAGED && refused.kind() != Kind.NOT_FOUND) {
        throw refused;
      }
      LOG.debug("A record of a check is passed over: {}", refused.getMessage());
    }
  }

  /** Told of a pack that was read, by the beginning of its id. */
  @FunctionalInterface
  interface Reads {
    void add(long prefix, Instant at);
  }

  /** Reads a record. */
  static void decode(byte[] json, Reads to) throws FormatException {
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      for (String field = in.nextField(); field != null; field = in.nextField()) {
        if (field.equals("reads")) {
          in.beginArray(field);
          while (in.nextElement()) {
            reads(in, to);
          }
        } else {
          in.skip();
        }
      }
      in.end();
    }
  }

  private static void reads(JsonInput in, Reads to) throws FormatException {
    in.requireObject("reads");
    Instant at = Instant.MIN;
    String packs = "";
    for (String field = in.nextField(); field != null; field = in.nextField()) {
      switch (field) {
        case "at" -> at = in.time(field);
        case "packs" -> packs = in.string(field);
        default -> in.skip();
      }
    }
    for (int i = 0; i + DIGITS <= packs.length(); i += DIGITS) {
      to.add(prefix(packs.substring(i, i + DIGITS)), at);
    }
  }

  private static long prefix(String digits) throws FormatException {
    try {
      return HexFormat.fromHexDigitsToLong(digits);
    } catch (NumberFormatException broken) {
      throw new FormatException("Not the beginning of an id", broken);
    }
  }

  private void note(long prefix, Instant at) {
    int found = Arrays.binarySearch(prefixes, prefix ^ Long.MIN_VALUE);
    if (found >= 0 && at.isAfter(last[byPrefix[found]])) {
      last[byPrefix[found]] = at;
    }
  }

  private long prefix(int pack) {
    return blobs.pack(pack).word(0);
  }
}
