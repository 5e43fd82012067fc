package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Copies the rows of many tables on several sessions that see the same moment. The session of the
 * moment holds the lock of every table; where others cannot have it, since somebody waits to alter
 * the table, that session copies the table itself.
 */
final class RowCopies {

  private final String database;
  private final Moment moment;
  private final RowCopy copy;
  private final SessionSource sessions;
  private final CaptureContext context;
  private final Queue<RowJob> jobs;
  private final Queue<RowJob> refused = new ConcurrentLinkedQueue<>();
  private final Map<Long, SortedMap<Integer, RowsFile>> copied = new ConcurrentHashMap<>();

  RowCopies(
      String database,
      Moment moment,
      Collection<RowJob> jobs,
      RowCopy copy,
      SessionSource sessions,
      CaptureContext context) {
    this.database = database;
    this.moment = moment;
    this.jobs = new ConcurrentLinkedQueue<>(jobs);
    this.copy = copy;
    this.sessions = sessions;
    this.context = context;
  }

  /** Copies all. */
  void run(int connections) throws IOException, InterruptedException {
    int others = Math.min(Math.min(connections, context.workers().size()), jobs.size()) - 1;
    for (int i = 0; i < others; i++) {
      context.workers().submit(this::other);
    }
    context.workers().submit(this::first);
    context.workers().join();
    copyAll(moment.session(), refused);
  }

  /** The files of a table, in order. */
  List<RowsFile> files(TableRef table) {
    SortedMap<Integer, RowsFile> files = copied.get(table.oid());
    return files == null ? List.of() : List.copyOf(files.values());
  }

  private Void first() throws IOException {
    copyAll(moment.session(), jobs);
    return null;
  }

  private Void other() throws IOException {
    DumpSession session;
    try {
      session = sessions.open(database);
    } catch (BackupException e) {
      if (!e.retryable()) {
        throw e;
      }
      context.report(
          Finding.info(
              database, "Rows were copied on fewer connections than stated: " + e.getMessage()));
      return null;
    }
    try (session) {
      session.join(moment.snapshot());
      for (RowJob job = jobs.poll(); job != null; job = jobs.poll()) {
        if (session.tryLock(job.table())) {
          note(job, copy.file(session, job));
        } else {
          refused.add(job);
        }
      }
      session.rollback();
    } catch (SQLException e) {
      throw Connections.failure("Seeing the same moment on another connection", e);
    }
    return null;
  }

  private void copyAll(DumpSession session, Queue<RowJob> queue) throws IOException {
    for (RowJob job = queue.poll(); job != null; job = queue.poll()) {
      note(job, copy.file(session, job));
    }
  }

  private void note(RowJob job, RowsFile file) {
    SortedMap<Integer, RowsFile> files =
        copied.computeIfAbsent(job.table().oid(), unknown -> new TreeMap<>());
    synchronized (files) {
      files.put(job.number(), file);
    }
  }
}
