package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;

/**
 * What all samples have in common: reading the command line, printing the end, and turning failures
 * into messages and exit codes.
 *
 * @param operation what it does, in one word
 * @param syntax its command line
 * @param body what it does
 */
record Program(String operation, Syntax syntax, Body body) {

  /** What a sample does. */
  @FunctionalInterface
  interface Body {
    Summary run(Arguments arguments, Output output)
        throws IOException, InterruptedException, UsageException;
  }

  /** Runs it and ends the process. */
  void start(String... line) {
    System.exit(run(Output.system(), line).number());
  }

  /** Runs it. */
  ExitCode run(Output output, String... line) {
    Arguments arguments;
    try {
      arguments = syntax.parse(line);
    } catch (UsageException wrong) {
      return refuse(output, wrong);
    }
    if (arguments.has(Syntax.HELP)) {
      output.out().print(syntax.usage());
      output.out().flush();
      return ExitCode.SUCCESS;
    }
    return run(arguments, output);
  }

  private ExitCode run(Arguments arguments, Output output) {
    boolean json = arguments.has(Syntax.JSON);
    try {
      Summary summary = body.run(arguments, json ? silent(output) : output);
      summary.print(output, json);
      return summary.exitCode();
    } catch (UsageException wrong) {
      return refuse(output, wrong);
    } catch (IOException | InterruptedException | RuntimeException failure) {
      return fail(arguments, output, failure);
    }
  }

  /** Nothing on standard output but the JSON, and no progress. */
  private static Output silent(Output output) {
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    return new Output(nowhere, output.err(), false);
  }

  private ExitCode refuse(Output output, UsageException wrong) {
    output.err().println(syntax.program() + ": " + wrong.getMessage());
    output.err().println();
    output.err().print(syntax.usage());
    output.err().flush();
    return ExitCode.USAGE;
  }

  private ExitCode fail(Arguments arguments, Output output, Exception failure) {
    if (failure instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    String message = message(failure);
    output.err().println(syntax.program() + ": " + message);
    if (arguments.has(Syntax.DEBUG)) {
      failure.printStackTrace(output.err());
    }
    output.err().flush();
    if (arguments.has(Syntax.JSON)) {
      Summary summary =
          new Summary(operation, ExitCode.FAILURE)
              .put("kind", kind(failure))
              .put("message", message);
      try {
        summary.print(output, true);
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return ExitCode.FAILURE;
  }

  private static String kind(Exception failure) {
    return failure instanceof BackupException known
        ? known.kind().name()
        : failure.getClass().getSimpleName();
  }

  private static String message(Exception failure) {
    if (failure instanceof InterruptedException) {
      return "Interrupted";
    }
    // The JDK's messages of these are bare paths: their names say what happened.
    boolean explained =
        failure instanceof BackupException
            || (failure instanceof IOException && !(failure instanceof FileSystemException));
    return explained && failure.getMessage() != null
        ? failure.getMessage()
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }
}
