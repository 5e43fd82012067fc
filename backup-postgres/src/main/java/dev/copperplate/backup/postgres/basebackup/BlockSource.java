package dev.copperplate.backup.postgres.basebackup;

import dev.copperplate.backup.ByteRange;
import java.io.IOException;
import java.io.InputStream;

/** A stored file that can be read from anywhere. */
public interface BlockSource {

  /** Its path and where it is stored, for messages. */
  String name();

  /** Bytes. */
  long size();

  /** The bytes of a range. The caller closes the stream; its {@code skip} should not fetch. */
  InputStream open(ByteRange range) throws IOException;
}
