package dev.copperplate.backup.kafka.transport;

import java.nio.ByteBuffer;

/**
 * Whole batches of an answer.
 *
 * @param bytes of the batches, none if there are none
 * @param first the offset with which the first batch begins; {@link #next} if there is none
 * @param next the first offset that is not in them
 * @param epoch the leader epoch of the last one, -1 if it has none
 * @param ended whether a batch was seen that begins at or behind the end
 */
record BatchRun(ByteBuffer bytes, long first, long next, int epoch, boolean ended) {

  private static final int PREFIX = 12;
  private static final int EPOCH_AT = 12;
  private static final int MAGIC_AT = 16;
  private static final int LAST_DELTA_AT = 23;
  private static final int LEAST_OLD_BATCH = 26;
  private static final int LEAST_BATCH = 61;

  /**
   * The batches from an offset up to another one, without those that lie before it wholly. Those of
   * magic 0 and 1 are known by the offset of their last record alone.
   */
  static BatchRun of(ByteBuffer records, long from, long to) throws MalformedAnswerException {
    int start = records.position();
    int at = start;
    long first = from;
    long next = from;
    int epoch = -1;
    boolean ended = false;
    while (records.limit() - at > MAGIC_AT) {
      int size = size(records, at);
      if (size > records.limit() - at) {
        break;
      }
      long base = records.getLong(at);
      long last = last(records, at);
      if (base >= to) {
        ended = true;
        break;
      }
      if (last < from && at == start) {
        start += size;
      } else if (last < next || at > start && base < next) {
        throw new MalformedAnswerException("Offset " + base + " follows " + (next - 1));
      } else {
        first = at == start ? base : first;
        next = last + 1;
        epoch = isOld(records, at) ? -1 : records.getInt(at + EPOCH_AT);
      }
      at += size;
    }
    ByteBuffer bytes = records.slice(start, at - start);
    return new BatchRun(bytes, first, next, epoch, ended);
  }

  private static int size(ByteBuffer records, int at) throws MalformedAnswerException {
    int length = records.getInt(at + 8);
    int size = length + PREFIX;
    if (length < 0 || size < (isOld(records, at) ? LEAST_OLD_BATCH : LEAST_BATCH)) {
      throw new MalformedAnswerException("A batch has the length " + length);
    }
    return size;
  }

  private static long last(ByteBuffer records, int at) throws MalformedAnswerException {
    long base = records.getLong(at);
    int delta = isOld(records, at) ? 0 : records.getInt(at + LAST_DELTA_AT);
    if (base < 0 || delta < 0 || base > Long.MAX_VALUE - 1 - delta) {
      throw new MalformedAnswerException(
          "A batch begins at " + base + " and has " + delta + " more");
    }
    return base + delta;
  }

  private static boolean isOld(ByteBuffer records, int at) throws MalformedAnswerException {
    byte magic = records.get(at + MAGIC_AT);
    if (magic < 0 || magic > 2) {
      throw new MalformedAnswerException("A batch has the magic " + magic);
    }
    return magic < 2;
  }
}
