package dev.copperplate.backup.kafka.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Payloads as Kafka compresses them. */
final class Compressed {

  private Compressed() {}

  static byte[] by(Codec codec, byte[] plain) throws IOException {
    ByteBufferOutputStream bytes = new ByteBufferOutputStream(plain.length + 1024);
    try (OutputStream out =
        KafkaBatches.compression(codec).wrapForOutput(bytes, RecordBatch.MAGIC_VALUE_V2)) {
      out.write(plain);
    }
    ByteBuffer written = bytes.buffer();
    return Arrays.copyOf(written.array(), written.position());
  }

  /** So many records, one at each offset, with values of so many bytes. */
  static byte[] records(int count, int valueLength) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      body.write(new byte[] {0, 0});
      varint(body, i);
      body.write(1);
      varint(body, valueLength);
      for (int at = 0; at < valueLength; at++) {
        body.write((i * 31 + at * at) >> 2);
      }
      body.write(0);
      all.write(record(body.toByteArray()));
    }
    return all.toByteArray();
  }

  /** With its length in front. */
  static byte[] record(byte[] body) throws IOException {
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    varint(record, body.length);
    record.write(body);
    return record.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int raw = value << 1;
    while (raw > 0x7f) {
      out.write(raw & 0x7f | 0x80);
      raw >>>= 7;
    }
    out.write(raw);
  }
}
