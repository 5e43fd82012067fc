package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.util.List;

/** One thing that a preflight looks at. */
interface PreflightCheck {

  /** What findings of it are about. */
  String subject();

  /** Adds what it finds. Remedies are scripts for a shell, see {@link Commands}. */
  void look(List<Finding> findings) throws IOException, InterruptedException;
}
