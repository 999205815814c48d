"""`/o/<organisation>/evidence/log/…`"""

from django.urls import path

from .views.log import checkpoints, inspection, leaves

app_name = "log"
urlpatterns = [
    path("", leaves.leaves, name="leaves"),
    path("leaves/<int:index>/", leaves.leaf, name="leaf"),
    path("leaves/<int:index>/proof.json", leaves.proof, name="proof"),
    path("checkpoints/", checkpoints.checkpoints, name="checkpoints"),
    path("checkpoints/<int:size>.txt", checkpoints.note, name="note"),
    path("checkpoints/sign/", checkpoints.sign, name="sign"),
    path("checkpoints/<int:size>/from/<int:old>.json", checkpoints.consistency, name="consistency"),
    path("prove/", checkpoints.prove, name="prove"),
    path("keys/", checkpoints.keys, name="keys"),
    path("keys.txt", checkpoints.keys_text, name="keys_text"),
    path("inspection/", inspection.inspection, name="inspection"),
]
