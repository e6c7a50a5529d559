package dev.aerie;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// The layout of the house, as `ARCHITECTURE.md` draws it.
class HouseRulesTest {

    private static final JavaClasses CODE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.aerie");

    @Test
    void onlyTensorSeesLibtorch() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.aerie.tensor..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bytedeco..")
                .check(CODE);
    }

    @Test
    void picturesAndWordsArePureJava() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.aerie.image..", "dev.aerie.text..", "dev.aerie.tiling..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.aerie.tensor..",
                        "dev.aerie.weights..",
                        "dev.aerie.nn..",
                        "dev.aerie.vision..",
                        "dev.aerie.fusion..",
                        "dev.aerie.language..",
                        "dev.aerie.eagle..")
                .check(CODE);
    }

    @Test
    void visionDoesNotKnowLanguage() {
        noClasses()
                .that()
                .resideInAPackage("dev.aerie.vision..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.aerie.language..", "dev.aerie.eagle..", "dev.aerie.fusion..")
                .check(CODE);
    }

    @Test
    void noCycles() {
        slices().matching("dev.aerie.(*)..").should().beFreeOfCycles().check(CODE);
    }
}
