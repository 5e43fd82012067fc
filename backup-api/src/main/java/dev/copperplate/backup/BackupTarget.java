package dev.copperplate.backup;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * A place that keeps named immutable bytes: a directory, a bucket.
 *
 * <p>Implementations are thread-safe and do not retry; retrying, throttling and read-only access
 * are decorators. They check nothing of the content: the engine encrypts and authenticates. An
 * interrupted thread gets an {@link java.io.InterruptedIOException} with its interrupt flag set,
 * and leaves no object half written. Every failure that the store explains is a {@link
 * BackupException} whose kind callers branch on.
 *
 * <p>What it does not do: overwrite with other bytes, rename, append, list in order, or emulate
 * what the store lacks.
 *
 * <p>This interface is paid for by every store: please keep it small. {@code backup-testkit} has
 * the suite that defines it, {@code BackupTargetContract}.
 */
public interface BackupTarget extends Closeable {

  /**
   * Names the place for messages and reports, such as {@code s3://orders-backup/prod}; no secrets.
   */
  String description();

  /**
   * What the store itself enforces; never what the client could imitate. The store may be asked,
   * the first time; afterwards the answer stays the same.
   *
   * @throws BackupException {@code DENIED}, {@code UNAVAILABLE} if it could not be asked
   */
  Set<Capability> capabilities() throws IOException;

  /**
   * Stores an object, whole or not at all; durable on return.
   *
   * <p>A key is written again only with the same bytes, so repeating a put after a lost answer is
   * safe. The content is opened as often as the upload is tried, and every opened stream is closed.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if the key exists and {@link
   *     PutOptions#ifAbsent()} was asked for; {@code UNSUPPORTED} if the options need a capability
   *     that the store lacks; {@code FULL}, {@code DENIED}, {@code UNAVAILABLE}
   */
  void put(ObjectKey key, Content content, PutOptions options) throws IOException;

  /**
   * Opens an object, or a range of it. The caller closes the stream.
   *
   * <p>The stream ends early only by an exception, never by a short body. A range that reaches past
   * the end is cut; one that begins at or past it is empty.
   *
   * @throws BackupException {@code NOT_FOUND} if there is no such object; {@code DENIED}, {@code
   *     UNAVAILABLE}
   */
  InputStream read(ObjectKey key, ByteRange range) throws IOException;

  /**
   * Lists the objects whose key starts with the prefix, a plain string, in no order. The caller
   * closes the cursor.
   *
   * <p>An object that was put before the call is listed, except on stores that are documented to
   * list late. A prefix that matches nothing is an empty listing. Unfinished uploads never appear.
   */
  Cursor<ObjectInfo> list(String prefix) throws IOException;

  /**
   * Deletes objects for good. One that is absent counts as deleted. Where the store keeps versions,
   * all of an object go, or it remains: to hide it would free nothing.
   *
   * @return the objects that remain, each with the reason, such as {@code RETAINED} or {@code
   *     DENIED}; empty when all are gone
   * @throws IOException only if the store could not be asked
   */
  Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException;

  /**
   * Locks existing objects against deletion for longer, never for shorter.
   *
   * @throws BackupException {@code UNSUPPORTED} without {@link Capability#RETENTION}
   */
  void retain(Collection<ObjectKey> keys, Instant until) throws IOException;
}
