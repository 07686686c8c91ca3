package io.github.tornadovit.cli;

import io.github.tornadovit.base.Precision;
import io.github.tornadovit.cli.doctor.Doctor;
import io.github.tornadovit.cli.doctor.Finding;
import io.github.tornadovit.cli.doctor.Finding.Status;
import io.github.tornadovit.cli.doctor.Question;
import io.github.tornadovit.engine.ModelOptions;
import io.github.tornadovit.kernels.backend.BackendChoice;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code doctor}: what a support thread would ask for, and what to do about it. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    description = {
      "Check Java, machine, container, TornadoVM, devices, memory, and the answers of every backend.",
      "Exit code 1 if something that was asked for does not work: a backend, device or model that is"
          + " named here, the SDK that TORNADOVM_HOME names, or the answers of a backend; else 0."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Check that this checkpoint can be read and fits into memory.")
  private @Nullable Path model;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Batch that memory is computed for; default: ${DEFAULT-VALUE}.")
  private int batch = ModelOptions.defaults().batch();

  @Option(
      names = "--backend",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}: the one that has to work; default: those that do.")
  private BackendChoice backend = BackendChoice.AUTO;

  @Option(
      names = "--device",
      paramLabel = "N|NAME",
      description = "Device of TornadoVM that has to work; default: those that do.")
  private @Nullable String device;

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      converter = PrecisionConverter.class,
      description =
          "Precision that memory is computed for and that the self-test runs in; default: f32.")
  private Precision precision = Precision.F32;

  @Option(
      names = "--no-self-test",
      description = "Do not run the demo model, which takes a while on a GPU.")
  private boolean noSelfTest;

  @Mixin private TableOrJson format = new TableOrJson();

  @Spec private CommandSpec spec;

  DoctorCommand() {}

  @Override
  public Integer call() {
    try {
      ModelOptions.defaults()
          .withBatch(batch)
          .withBackend(backend)
          .withDevice(device)
          .withPrecision(precision);
    } catch (IllegalArgumentException outOfRange) {
      throw new ParameterException(spec.commandLine(), outOfRange.getMessage(), outOfRange);
    }
    List<Finding> findings =
        Doctor.examine(
            new Question(
                Main.VERSION,
                RunEnvironment.here(0).processor(),
                model,
                batch,
                backend,
                device,
                precision,
                !noSelfTest));
    PrintWriter out = spec.commandLine().getOut();
    switch (format.chosen()) {
      case JSON -> Json.print(facts(findings), out);
      case TABLE -> print(findings, out);
    }
    out.flush();
    return worst(findings) == Status.FAILURE ? 1 : 0;
  }

  private static Status worst(List<Finding> findings) {
    return findings.stream().map(Finding::status).max(Comparator.naturalOrder()).orElse(Status.OK);
  }

  private static Map<String, Object> facts(List<Finding> findings) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("status", worst(findings).toString());
    facts.put("checks", findings.stream().map(DoctorCommand::facts).toList());
    return facts;
  }

  private static Map<String, @Nullable Object> facts(Finding finding) {
    Map<String, @Nullable Object> facts = new LinkedHashMap<>();
    facts.put("section", finding.section());
    facts.put("name", finding.name());
    facts.put("status", finding.status().toString());
    facts.put("value", finding.value());
    facts.put("remedy", finding.remedy());
    return facts;
  }

  /** A line per finding, with a line below where there is something to do. */
  private static void print(List<Finding> findings, PrintWriter out) {
    String section = "";
    for (Finding finding : findings) {
      if (!finding.section().equals(section)) {
        section = finding.section();
        out.println(section);
      }
      out.printf(
          "  %s %-20s %s%n", Ansi.AUTO.string(mark(finding)), finding.name(), finding.value());
      if (finding.remedy() != null) {
        out.printf("          %-20s %s%n", "", "-> " + finding.remedy());
      }
    }
    long failures = findings.stream().filter(f -> f.status() == Status.FAILURE).count();
    long warnings = findings.stream().filter(f -> f.status() == Status.WARNING).count();
    out.printf("%n%d checks: %d failed, %d warnings%n", findings.size(), failures, warnings);
  }

  /** Coloured on a terminal; as wide as the widest. */
  private static String mark(Finding finding) {
    return switch (finding.status()) {
      case OK -> "@|green ok     |@";
      case WARNING -> "@|yellow warning|@";
      case FAILURE -> "@|red,bold FAILED |@";
    };
  }
}
