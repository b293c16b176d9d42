from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("progress", "0003_problem_states")]

    operations = [
        migrations.AlterField(
            model_name="reportversion",
            name="event",
            field=models.CharField(
                choices=[
                    ("submitted", "提交"),
                    ("returned", "退回"),
                    ("withdrawn", "撤回"),
                    ("verified", "核实"),
                    ("reopened", "重新开启"),
                ],
                max_length=10,
                verbose_name="事件",
            ),
        ),
    ]
