package io.github.tornadovit.cli.doctor;

import io.github.tornadovit.kernels.backend.BackendOverview;
import io.github.tornadovit.kernels.backend.Backends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Looks at everything. Never fails: what cannot be looked at is a finding. */
public final class Doctor {
  private Doctor() {}

  /** All findings, section by section. Starts TornadoVM if this JVM was started with it. */
  public static List<Finding> examine(Question question) {
    BackendOverview overview = Backends.overview();
    List<Finding> findings = new ArrayList<>();
    findings.addAll(JavaChecks.run(question.version()));
    findings.addAll(MachineChecks.run(question.processor(), overview));
    findings.addAll(
        ContainerChecks.run(ContainerLimits.read(Path.of("/sys/fs/cgroup"), Path.of("/proc"))));
    findings.addAll(TornadoChecks.run(System.getenv("TORNADOVM_HOME")));
    findings.addAll(DriverChecks.run(question, overview));
    findings.addAll(MemoryChecks.run(question));
    if (question.selfTests()) {
      findings.addAll(SelfTests.run(question, overview));
    }
    return findings;
  }
}
