package dev.copperplate.backup.postgres.dump;

import java.util.List;

/**
 * One moment of a database that several sessions see, with all its tables locked.
 *
 * @param session that of the moment, which ends with it
 * @param snapshot by which others see the same
 * @param tables all of them
 * @param lsn where the server's WAL stood
 */
record Moment(DumpSession session, String snapshot, List<TableRef> tables, String lsn) {}
