package dev.copperplate.samples;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.repository.BackupListener;
import java.io.PrintStream;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Draws a bar for each operation of a repository, by bytes. */
final class ProgressBars implements BackupListener {

  private static final int WIDTH = 79;

  private final PrintStream stream;
  private final Map<RunId, ProgressBar> bars = new ConcurrentHashMap<>();

  private ProgressBars(PrintStream stream) {
    this.stream = stream;
  }

  /** Bars where somebody can see them, otherwise a listener that does nothing. */
  static BackupListener on(Output output) {
    return output.terminal() ? new ProgressBars(output.err()) : new BackupListener() {};
  }

  private static ProgressBar bar(PrintStream stream, String name) {
    return new ProgressBarBuilder()
        .setTaskName(String.format(Locale.ROOT, "%-8s", name))
        .setUnit(" MB", 1_000_000)
        .setStyle(ProgressBarStyle.ASCII)
        .showSpeed(new DecimalFormat("0", DecimalFormatSymbols.getInstance(Locale.ROOT)))
        .setUpdateIntervalMillis(200)
        // Of a fixed width: asking the terminal would start another library, with its own warnings.
        .setConsumer(new ConsoleProgressBarConsumer(stream, WIDTH))
        .build();
  }

  @Override
  public void started(Event event) {
    bars.put(event.run(), bar(stream, event.operation()));
  }

  @Override
  public void progressed(Event event, Progress progress) {
    ProgressBar bar = bars.get(event.run());
    if (bar != null) {
      if (progress.expectedBytes() > 0) {
        bar.maxHint(Math.max(progress.expectedBytes(), progress.bytes()));
      }
      bar.stepTo(progress.bytes());
    }
  }

  @Override
  public void ended(Event event, Optional<Exception> failure) {
    ProgressBar bar = bars.remove(event.run());
    if (bar == null) {
      return;
    }
    if (failure.isEmpty() && !bar.isIndefinite()) {
      bar.stepTo(bar.getMax());
    }
    bar.close();
  }
}
