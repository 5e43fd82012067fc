package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All checks of one server, one after the other. */
public final class Inspection {

  private final Server server;
  private final Address address;
  private final Wishes wishes;
  private final Map<String, List<Finding>> results = new LinkedHashMap<>();

  public Inspection(Server server, Address address, Wishes wishes) {
    this.server = server;
    this.address = address;
    this.wishes = wishes;
  }

  /**
   * Looks at everything that may be looked at.
   *
   * @return findings by what was looked at, in that order; none where all is well
   * @throws BackupException if the server cannot be asked
   */
  public Map<String, List<Finding>> run() throws IOException {
    look(new TransportCheck(address, wishes.strict() ? Severity.ERROR : Severity.WARNING));
    try (Access access = Access.open(server)) {
      look(new AccessCheck(access, address));
      if (access.catalog().isPresent()) {
        for (PreflightCheck each : checks(access, access.catalog().get())) {
          look(each);
        }
      }
      look(new ReplicationCheck(access, results.values()));
    } catch (SQLException e) {
      throw Connections.failure("The preflight of the server", e);
    }
    return results;
  }

  private List<PreflightCheck> checks(Access access, Catalog catalog) throws SQLException {
    int version = catalog.version();
    List<PreflightCheck> checks = new ArrayList<>();
    checks.add(new VersionCheck(version));
    checks.add(new ManagedCheck(catalog, access.replicates()));
    checks.add(new PoolerCheck(catalog, access.replicates()));
    checks.add(new RoleCheck(catalog));
    checks.add(new StandbyCheck(catalog));
    checks.add(new WalLevelCheck(catalog));
    checks.add(new SendersCheck(catalog, access.senders(), wishes.slot()));
    checks.add(new SlotsCheck(catalog, wishes.slot()));
    checks.add(new SlotLimitCheck(catalog, wishes.slot()));
    wishes.slot().ifPresent(slot -> checks.add(new ArchiverSlotCheck(catalog, slot)));
    wishes.chain().ifPresent(each -> checks.add(new SummariesCheck(catalog, version, each)));
    checks.add(new ChecksumsCheck(catalog));
    checks.add(new DurabilityCheck(catalog));
    wishes.free().ifPresent(free -> checks.add(new SizeCheck(catalog, free)));
    checks.add(new Databases(catalog, server, new UnloggedLook()));
    checks.add(new Databases(catalog, server, new CollationLook()));
    return checks;
  }

  private void look(PreflightCheck check) throws IOException {
    List<Finding> findings = new ArrayList<>();
    try {
      check.look(findings);
    } catch (SQLException e) {
      BackupException failure = Connections.failure("Looking at " + check.subject(), e);
      if (failure.kind() != Kind.DENIED) {
        throw failure;
      }
      findings.add(
          Finding.warning(
              check.subject(),
              "It may not be looked at",
              "GRANT pg_monitor TO " + SqlText.name(address.user()) + ";"));
    }
    results.put(check.subject(), List.copyOf(findings));
  }
}
