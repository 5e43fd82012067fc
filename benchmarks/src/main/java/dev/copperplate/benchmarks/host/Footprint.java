package dev.copperplate.benchmarks.host;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Timer;
import java.util.TimerTask;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** What this JVM takes beside time: heap, threads of the engine, memory of the process. */
final class Footprint implements AutoCloseable {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String[] SIGNATURE = {String[].class.getName()};

  private static final long PERIOD_MILLIS = 100;

  private final Timer clock = new Timer("footprint", true);
  private volatile int threads;

  /** Begins to watch; the former peak of the heap is forgotten. */
  Footprint() {
    for (MemoryPoolMXBean each : ManagementFactory.getMemoryPoolMXBeans()) {
      each.resetPeakUsage();
    }
    clock.schedule(
        new TimerTask() {
          @Override
          public void run() {
            countThreads();
          }
        },
        0,
        PERIOD_MILLIS);
  }

  /** Without a stack trace, which would stop all threads and be measured. */
  private void countThreads() {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    Thread[] all = new Thread[2 * root.activeCount() + 16];
    int count = root.enumerate(all);
    long ours =
        Arrays.stream(all, 0, count)
            .filter(each -> each.getName().startsWith("copperplate-"))
            .count();
    threads = Math.max(threads, (int) ours);
  }

  void print(PrintStream out) throws IOException {
    out.printf(
        Locale.ROOT,
        "  heap at most %d MiB, garbage included; threads copperplate-* at most %d%n",
        peakHeap() >> 20,
        threads);
    if (Files.isReadable(STATUS)) {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmHWM") || line.startsWith("VmRSS")) {
          out.println("  " + line.replaceAll("\\s+", " "));
        }
      }
    }
    nativeMemory().lines().filter(each -> each.startsWith("Total")).forEach(out::println);
  }

  /** The sum of the peaks of all pools, which need not be of one moment. */
  private static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(each -> each.getType() == MemoryType.HEAP)
        .mapToLong(each -> each.getPeakUsage().getUsed())
        .sum();
  }

  /** What jcmd says; without the option -XX:NativeMemoryTracking, that it is not enabled. */
  private static String nativeMemory() throws IOException {
    try {
      MBeanServer server = ManagementFactory.getPlatformMBeanServer();
      ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
      Object[] arguments = {new String[] {"summary"}};
      return Objects.toString(server.invoke(commands, "vmNativeMemory", arguments, SIGNATURE), "");
    } catch (JMException unknown) {
      throw new IOException("This JVM does not tell its native memory", unknown);
    }
  }

  @Override
  public void close() {
    clock.cancel();
  }
}
